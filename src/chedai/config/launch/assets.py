"""Copy the few third-party files the pages and the print need out of their npm packages.

Run as ``python -m chedai.config.launch.assets``; does nothing when the lock file and the list
below are those of the last run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from chedai.config.launch.folders import checkout_folder
from chedai.config.launch.node import npm_ci
from chedai.config.launch.refusal import EXIT_INTERRUPTED, EXIT_REFUSED, LaunchRefusedError
from chedai.config.launch.speech import complain, say

NOTO: Final = "@fontsource-variable/noto-sans-sc"
PRINT_FONTS: Final = "@expo-google-fonts/noto-sans-sc"

# From (inside node_modules) → to (inside static-built). A folder is copied whole.
FILES: Final[dict[str, str]] = {
    "@tabler/core/dist/css/tabler.min.css": "vendor/tabler.min.css",
    "@alpinejs/csp/dist/cdn.min.js": "vendor/alpine-csp.min.js",
    f"{NOTO}/index.css": "vendor/noto-sans-sc/index.css",
    f"{NOTO}/files": "vendor/noto-sans-sc/files",
    f"{NOTO}/LICENSE": "vendor/noto-sans-sc/LICENSE.txt",
    f"{PRINT_FONTS}/400Regular/NotoSansSC_400Regular.ttf": "fonts/NotoSansSC_400Regular.ttf",
    f"{PRINT_FONTS}/500Medium/NotoSansSC_500Medium.ttf": "fonts/NotoSansSC_500Medium.ttf",
    f"{PRINT_FONTS}/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC_700Bold.ttf",
    f"{PRINT_FONTS}/LICENSE_FONT": "fonts/LICENSE.txt",
    "axe-core/axe.min.js": "testing/axe.min.js",
}
FOLDERS: Final = tuple(sorted({target.split("/")[0] for target in FILES.values()}))
STAMP: Final = "assets.stamp"
# Hashed static names cannot follow a pointer to a map that is not shipped.
SOURCE_MAP: Final = re.compile(r"^\s*(/\*|//)# sourceMappingURL=.*$", re.MULTILINE)


def build_assets(checkout: Path) -> bool:
    """Fill ``static-built`` of a checkout; false when it is already as it should be."""
    built = checkout / "static-built"
    stamp = built / STAMP
    wanted = _fingerprint(checkout)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    say("· 正在取页面文件和字体（npm，约 100 MB）… Fetching page assets and fonts")
    npm_ci(checkout, checkout=checkout)
    stamp.unlink(missing_ok=True)
    for folder in FOLDERS:
        shutil.rmtree(built / folder, ignore_errors=True)
    for source, target in FILES.items():
        _copy(checkout / "node_modules" / source, built / target)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.suffix in {".css", ".js"}:
        text = source.read_text(encoding="utf-8")
        target.write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def _fingerprint(checkout: Path) -> str:
    lock = (checkout / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def main() -> int:
    try:
        build_assets(checkout_folder())
    except LaunchRefusedError as refusal:
        complain(str(refusal))
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
