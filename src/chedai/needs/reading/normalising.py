"""One character in, one character out: offsets in the normalised text are those of the sentence."""

from __future__ import annotations

import unicodedata
from typing import Final

_VARIANTS: Final = str.maketrans(
    "萬兩個車價貸還壹贰叁肆伍陆柒捌玖拾佰仟〇年內給點塊錢裡證號後過錯對將幾開買賣總單辦灣舊換險裝體電動無"
    "：；！？（）。、…·",
    "万两个车价贷还一二三四五六七八九十百千零年内给点块钱里证号后过错对将几开买卖总单办湾旧换险装体电动无"
    ":;!?()。、…·",
)
_FILLERS: Final = frozenset("呃嗯唔哦噢诶")


def normalised(text: str) -> str:
    """Fold full width, case, old forms and spoken fillers, keeping every offset."""
    return "".join(map(_folded, text)).translate(_VARIANTS)


def _folded(character: str) -> str:
    if character.isspace() or character in _FILLERS:
        return "\n" if character == "\n" else " "
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character
