"""Write docs/lender-protocol.openapi.json anew from the messages of the lender port."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from chedai.lenders.port.openapi import openapi_document  # noqa: E402

target = ROOT / "docs" / "lender-protocol.openapi.json"
text = json.dumps(openapi_document(), ensure_ascii=False, indent=2)
target.write_text(text + "\n", encoding="utf-8")
