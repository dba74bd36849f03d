"""Contact sheets: the pages of one language, width and colours beside each other, to be looked at."""

from pathlib import Path

from PIL import Image, ImageDraw

ON_A_SHEET = {1920: (2, 2), 1280: (2, 2), 820: (3, 2), 390: (5, 1)}
TILE = {1920: (800, 560), 1280: (800, 700), 820: (520, 740), 390: (312, 1100)}


def make(folder: Path, pictures: list[Path], *, title: str, width: int) -> None:
    """As many sheets as the pictures need, each tile the top of its page."""
    columns, lines = ON_A_SHEET[width]
    wide, high = TILE[width]
    for number, start in enumerate(range(0, len(pictures), columns * lines), start=1):
        some = pictures[start : start + columns * lines]
        sheet = Image.new("RGB", (columns * (wide + 12), -(-len(some) // columns) * (high + 34)), "#888")
        pen = ImageDraw.Draw(sheet)
        for place, path in enumerate(some):
            left, top = place % columns * (wide + 12), place // columns * (high + 34)
            with Image.open(path) as picture:
                small = picture.resize((wide, round(picture.height * wide / picture.width)))
            sheet.paste(small.crop((0, 0, wide, min(high, small.height))), (left, top + 22))
            label = f"{path.stem} ({small.height * width // wide} px)"
            pen.text((left + 4, top + 4), label, fill="white", font_size=14)
        sheet.save(folder / f"sheet-{title}-{number}.png")
