"""How bands become pictures. A style names bands by their names in its layer."""


def composite(name, title, red, green, blue, low, high):
    """A colour composite of three bands, stretched from `low` to `high` as stored."""
    return {
        "name": name,
        "title": title,
        "abstract": f"{red}, {green} and {blue} shown as red, green and blue",
        "components": {"red": {red: 1.0}, "green": {green: 1.0}, "blue": {blue: 1.0}},
        "scale_range": [low, high],
    }


def vegetation(red, nir):
    """The difference of near infrared and red over their sum, from bare to dense."""
    return {
        "name": "ndvi",
        "title": "Vegetation (NDVI)",
        "abstract": "Brown where bare, green where dense with leaves",
        "index_function": {
            "function": "datacube_ows.band_utils.norm_diff",
            "mapped_bands": True,
            "kwargs": {"band1": nir, "band2": red},
        },
        "needed_bands": [red, nir],
        "color_ramp": [
            {"value": -0.1, "color": "#8f3f20", "alpha": 0.0},
            {"value": 0.0, "color": "#8f3f20"},
            {"value": 0.2, "color": "#d8b365"},
            {"value": 0.5, "color": "#b8d88f"},
            {"value": 0.8, "color": "#1a7a30"},
        ],
    }
