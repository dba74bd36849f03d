"""The peers' side of an archive: the same type from columns kept at save time, or from raw lesions, in four engines.

Columns are small whole numbers, null where nothing is known. ``sure`` figures are those of lesions that count for
certain, ``most`` figures those at worst; the rules come on two rails as everywhere in these measurements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

FAR = {"16a1", "16b2", "mediastinal", "supraclavicular", "other"}
STATED = ("removed", "t4b", "en_bloc", "bulky", "nodes", "p1", "organ", "cy1", "resectable", "listed", "diffuse")
KEPT = ("n_sure", "n_most", "mm_sure", "mm_most", "lobes_sure", "lobes_most", "in_sure", "in_most")
COLUMNS = (*STATED, *KEPT)
LESION_COLUMNS = ("counts", "mm", "lobes", "invades")
CODE = {"left": 1, "right": 2, "both": 3}
TYPES = ("U", "I", "II", "III")


def stated_row(case: dict[str, Any]) -> tuple[int | None, ...]:
    """The typed columns of a case."""

    def is_not(name: str, good: Any) -> int | None:
        return None if case[name] is None else int(case[name] != good)

    nodes, sites = case["nodes_beyond_d2"], case["distant_sites"]
    return (
        None if case["primary_status"] is None else int(case["primary_status"] == "resected"),
        None if case["t_category"] is None else int(case["t_category"] == "T4b"),
        is_not("primary_resectable_r0", False),
        is_not("bulky_n2", False),
        None if nodes is None else 2 if FAR & set(nodes) else int(bool(nodes)),
        is_not("peritoneum", "P0"),
        None if sites is None else int(bool(sites)),
        is_not("cytology", "CY0"),
        is_not("liver_resectable_r0", False),
        int(case["liver_lesions_complete"] is True),
        is_not("liver_diffuse", False),
    )


def lesion_rows(case: dict[str, Any]) -> list[tuple[int | float | None, ...]]:
    """Lesions that may count: certain or not, size in mm, lobes (1 left, 2 right, 3 both), vessel invaded or not."""
    return [
        (
            int(each["nature"] == "metastasis"),
            each["diameter_mm"],
            CODE.get(each["lobe"]),
            None if each["vessel_relation"] is None else int(each["vessel_relation"] == "invades"),
        )
        for each in case["liver_lesions"]
        if each["nature"] != "benign"
    ]


def kept_row(lesions: list[tuple]) -> tuple[int | float, ...]:
    """What a save would keep of the lesions: the two rails of number, size in mm (999: open), lobes and vessels."""
    sure = [each for each in lesions if each[0]]
    lobes_sure = lobes_most = 0
    for each in lesions:
        lobes_most |= each[2] or 3
        if each[0]:
            lobes_sure |= each[2] or 0
    return (
        len(sure),
        len(lesions),
        max((each[1] or 0 for each in sure), default=0),
        max(999 if each[1] is None else each[1] for each in lesions),
        lobes_sure,
        lobes_most,
        int(any(each[3] for each in sure)),
        int(any(each[3] is None or each[3] for each in lesions)),
    )


KEPT_SQL = """SELECT place, sum(counts) AS n_sure, count(*) AS n_most,
 coalesce(max(CASE WHEN counts = 1 THEN mm END), 0) AS mm_sure, max(coalesce(mm, 999)) AS mm_most,
 coalesce(bit_or(CASE WHEN counts = 1 THEN coalesce(lobes, 0) END), 0) AS lobes_sure,
 bit_or(coalesce(lobes, 3)) AS lobes_most, coalesce(max(CASE WHEN counts = 1 THEN invades END), 0) AS in_sure,
 max(coalesce(invades, 1)) AS in_most FROM lesions GROUP BY place"""


def type_sql(greatest: str) -> str:
    """The type as one SQL expression over the columns. ``greatest``: the dialect's largest of some numbers."""
    best = f"""{greatest}(
 CASE WHEN removed = 1 OR removed IS NULL OR t4b = 0 OR t4b IS NULL THEN 1 WHEN en_bloc = 0 THEN 3 ELSE 2 END,
 CASE WHEN nodes = 2 THEN 3 WHEN nodes = 1 OR bulky = 1 THEN 2 ELSE 1 END,
 CASE WHEN p1 = 1 OR organ = 1 OR cy1 = 1 OR diffuse = 1 OR resectable = 0 THEN 3 ELSE 1 END,
 CASE WHEN in_sure = 0 AND (lobes_sure <> 3 OR (n_sure <= 3 AND mm_sure <= 40)) THEN 1 ELSE 2 END)"""
    worst = f"""{greatest}(
 CASE WHEN removed = 1 OR t4b = 0 THEN 1 WHEN en_bloc = 1 THEN 2 ELSE 3 END,
 CASE WHEN nodes = 0 AND bulky = 0 THEN 1 WHEN nodes < 2 THEN 2 ELSE 3 END,
 CASE WHEN p1 = 0 AND organ = 0 AND cy1 = 0 AND resectable = 1 AND (diffuse = 0 OR (diffuse IS NULL AND listed = 1))
  THEN 1 ELSE 3 END,
 CASE WHEN listed = 1 AND in_most = 0 AND (lobes_most <> 3 OR (n_most <= 3 AND mm_most <= 40)) THEN 1 ELSE 2 END)"""
    return f"CASE WHEN {best} <> {worst} THEN 0 ELSE {best} END"


def numpy_types(columns: dict[str, np.ndarray]) -> np.ndarray:
    """By hand over arrays, null as -1: the floor of the compute."""
    c = columns
    best, worst = np.ones((2, len(c["removed"])), np.int8)
    may_stay = (c["removed"] == 0) & (c["t4b"] == 1)
    best[may_stay] = 2
    best[may_stay & (c["en_bloc"] == 0)] = 3
    deep = (c["removed"] != 1) & (c["t4b"] != 0)
    worst[deep] = 3
    worst[deep & (c["en_bloc"] == 1)] = 2
    np.maximum(best, np.where(c["nodes"] == 2, 3, np.where((c["nodes"] == 1) | (c["bulky"] == 1), 2, 1)), out=best,
               casting="unsafe")  # fmt: skip
    near = (c["nodes"] == 0) & (c["bulky"] == 0)
    np.maximum(worst, np.where(near, 1, np.where((c["nodes"] >= 0) & (c["nodes"] < 2), 2, 3)), out=worst,
               casting="unsafe")  # fmt: skip
    bad = (c["p1"] == 1) | (c["organ"] == 1) | (c["cy1"] == 1) | (c["diffuse"] == 1) | (c["resectable"] == 0)
    best[bad] = 3
    good = (c["p1"] == 0) & (c["organ"] == 0) & (c["cy1"] == 0) & (c["resectable"] == 1)
    good &= (c["diffuse"] == 0) | ((c["diffuse"] == -1) & (c["listed"] == 1))
    worst[~good] = 3
    inside = (c["lobes_sure"] != 3) | ((c["n_sure"] <= 3) & (c["mm_sure"] <= 40))
    np.maximum(best, np.where((c["in_sure"] == 0) & inside, 1, 2), out=best, casting="unsafe")
    inside = (c["lobes_most"] != 3) | ((c["n_most"] <= 3) & (c["mm_most"] <= 40))
    np.maximum(worst, np.where((c["listed"] == 1) & (c["in_most"] == 0) & inside, 1, 2), out=worst, casting="unsafe")
    return np.where(best == worst, best, 0)


def polars_type() -> Any:
    """The same as one polars expression with native nulls."""
    import polars as pl

    c = {name: pl.col(name) for name in COLUMNS}

    def pick(*cases: Any) -> Any:
        *pairs, otherwise = cases
        chain = pl
        for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
            chain = chain.when(condition).then(pl.lit(value, pl.Int8))
        return chain.otherwise(pl.lit(otherwise, pl.Int8))

    fits_best = (c["lobes_sure"] != 3) | ((c["n_sure"] <= 3) & (c["mm_sure"] <= 40))
    fits_worst = (c["lobes_most"] != 3) | ((c["n_most"] <= 3) & (c["mm_most"] <= 40))
    shut = (c["diffuse"] == 0) | (c["diffuse"].is_null() & (c["listed"] == 1))
    bad = (c["p1"] == 1) | (c["organ"] == 1) | (c["cy1"] == 1) | (c["diffuse"] == 1) | (c["resectable"] == 0)
    good = (c["p1"] == 0) & (c["organ"] == 0) & (c["cy1"] == 0) & (c["resectable"] == 1) & shut
    may_go = (c["removed"] == 1) | c["removed"].is_null() | (c["t4b"] == 0) | c["t4b"].is_null()
    best = pl.max_horizontal(
        pick(may_go, 1, c["en_bloc"] == 0, 3, 2),
        pick(c["nodes"] == 2, 3, (c["nodes"] == 1) | (c["bulky"] == 1), 2, 1),
        pick(bad, 3, 1),
        pick((c["in_sure"] == 0) & fits_best, 1, 2),
    )
    worst = pl.max_horizontal(
        pick((c["removed"] == 1) | (c["t4b"] == 0), 1, c["en_bloc"] == 1, 2, 3),
        pick((c["nodes"] == 0) & (c["bulky"] == 0), 1, c["nodes"] < 2, 2, 3),
        pick(good, 1, 3),
        pick((c["listed"] == 1) & (c["in_most"] == 0) & fits_worst, 1, 2),
    )
    return pl.when(best == worst).then(best).otherwise(0).alias("type")


def polars_kept(lesions: Any) -> Any:
    """Raw lesions to the columns that a save would keep."""
    import polars as pl

    is_sure = pl.col("counts") == 1
    return lesions.group_by("place", maintain_order=True).agg(
        pl.col("counts").sum().alias("n_sure"),
        pl.len().alias("n_most"),
        pl.col("mm").filter(is_sure).max().fill_null(0).alias("mm_sure"),
        pl.col("mm").fill_null(999).max().alias("mm_most"),
        pl.col("lobes").filter(is_sure).fill_null(0).bitwise_or().fill_null(0).alias("lobes_sure"),
        pl.col("lobes").fill_null(3).bitwise_or().alias("lobes_most"),
        pl.col("invades").filter(is_sure).max().fill_null(0).alias("in_sure"),
        pl.col("invades").fill_null(1).max().alias("in_most"),
    )
