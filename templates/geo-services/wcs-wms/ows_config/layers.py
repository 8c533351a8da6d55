"""Which products are served: each layer names its product, bands and styles."""

from .styles import composite, vegetation


def reflectance_layer(name, title, product, bands, resolution, styles):
    """A layer of surface reflectance scenes; `resolution` is in metres."""
    return {
        "name": name,
        "title": title,
        "abstract": f"{title}, one picture for each day on which the satellite passed.",
        "product_name": product,
        "bands": bands,
        "native_crs": "EPSG:6933",
        "native_resolution": [resolution, -resolution],
        "time_resolution": "solar",
        "resource_limits": {
            "wms": {"zoomed_out_fill_colour": [150, 180, 200, 160], "min_zoom_factor": 300},
            "wcs": {"max_datasets": 16},
        },
        "image_processing": {
            "extent_mask_func": "datacube_ows.ogc_utils.mask_by_val",
            "always_fetch_bands": [],
            "manual_merge": False,
        },
        "styling": {"default_style": styles[0]["name"], "styles": styles},
    }


SENTINEL_2 = reflectance_layer(
    "s2_l2a",
    "Sentinel-2 surface reflectance",
    "s2_l2a",
    {"red": [], "green": [], "blue": [], "nir": [], "swir16": [], "swir22": []},
    10,
    [
        composite("true_colour", "True colour", "red", "green", "blue", 0, 3000),
        composite("false_colour", "False colour", "swir22", "nir", "green", 0, 4000),
        vegetation("red", "nir"),
    ],
)

LANDSAT_BANDS = {"red": [], "green": [], "blue": [], "nir08": [], "swir16": [], "swir22": []}
LANDSAT_STYLES = [
    composite("true_colour", "True colour", "red", "green", "blue", 7300, 18000),
    composite("false_colour", "False colour", "swir22", "nir08", "green", 7300, 22000),
]

LANDSAT_8 = reflectance_layer(
    "ls8_c2l2_sr",
    "Landsat 8 surface reflectance",
    "ls8_c2l2_sr",
    LANDSAT_BANDS,
    30,
    LANDSAT_STYLES,
)

LANDSAT_9 = reflectance_layer(
    "ls9_c2l2_sr",
    "Landsat 9 surface reflectance",
    "ls9_c2l2_sr",
    LANDSAT_BANDS,
    30,
    LANDSAT_STYLES,
)
