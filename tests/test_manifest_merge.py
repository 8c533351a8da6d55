"""The rules by which layers merge, as properties of any three of them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meta.manifest_merge import build, leaves, merge, spec

KEYS = st.sampled_from("abc")
LEAF = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.lists(st.integers(0, 3)))
LAYER = st.dictionaries(
    KEYS,
    st.recursive(LEAF, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8),
    max_size=3,
)


def merged(*layers: dict[str, Any]) -> Any:
    node = build({}, ())
    for number, layer in enumerate(layers):
        node = merge(node, build(layer, (f"layer {number}",)))
    return spec(node)


def without_nulls(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: without_nulls(item) for key, item in data.items() if item is not None}


def by_the_rules(base: Any, over: Any) -> Any:
    """The rules once more, written the long way round and on plain data."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return without_nulls(over)
    result = {}
    for key in {*base, *over}:
        if key not in over:
            result[key] = base[key]
        elif over[key] is None:
            continue
        elif key in base:
            result[key] = by_the_rules(base[key], over[key])
        else:
            result[key] = without_nulls(over[key])
    return result


@given(LAYER, LAYER, LAYER)
def test_layers_merge_by_the_rules(defaults, group, entry):
    expected = by_the_rules(by_the_rules(without_nulls(defaults), group), entry)
    assert merged(defaults, group, entry) == expected


@given(LAYER)
def test_a_layer_on_nothing_or_under_nothing_or_twice_is_itself(layer):
    assert merged(layer) == merged({}, layer) == merged(layer, {}) == merged(layer, layer)


@given(LAYER, LAYER)
def test_no_null_is_left_and_none_that_is_taken_away_stays(base, over):
    result = merged(base, over)
    assert result == without_nulls(result)
    assert not {key for key, value in over.items() if value is None} & set(result)


@given(LAYER, LAYER)
def test_every_leaf_was_written_in_the_last_layer_that_says_it(base, over):
    node = merge(build(base, ("base",)), build(over, ("over",)))
    for keys, leaf in leaves(node):
        if keys and leaf.value not in (None, {}):
            said = {"base": base, "over": over}[str(leaf.path[0])]
            for key in keys:
                said = said[key]
            assert said == leaf.value
            assert leaf.path[1:] == keys


@given(LAYER, LAYER)
def test_merging_leaves_both_layers_as_they_were(base, over):
    below, above = build(base, ()), build(over, ())
    merge(below, above)
    assert (below, above) == (build(base, ()), build(over, ()))
