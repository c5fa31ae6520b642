from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import quick_json
from parsers.values import load_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON, st.sampled_from([None, 0, 2]), st.sampled_from(["", " ", "\n\t"]))
def test_json_is_read_as_the_json_package_reads_it(
    value: object, indent: int | None, blanks: str
) -> None:
    text = blanks + json.dumps(value, indent=indent) + blanks

    assert quick_json.load(text) == load_json(text) == value


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \\u\n\x01') | st.text())
def test_what_is_no_json_is_refused_as_the_json_package_refuses_it(text: str) -> None:
    try:
        wanted = load_json(text)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - why it is none says each its own way
            quick_json.load(text)
    else:
        assert quick_json.load(text) == wanted


@settings(max_examples=50)
@given(st.dictionaries(st.text(), JSON, min_size=1), st.sampled_from([None, 1]), st.data())
def test_the_text_of_a_member_is_as_it_is_written(
    document: dict[str, Any], indent: int | None, data: st.DataObject
) -> None:
    text = json.dumps(document, indent=indent)
    name = data.draw(st.sampled_from(sorted(document)))

    raw = quick_json.raw_member(text, name, document[name])

    assert raw is None or (raw in text and json.loads(raw) == document[name])
    assert raw is not None or not (name.isascii() and name.isalnum())


@pytest.mark.parametrize(
    "gone", ["sys.modules['_json'] = None", "import _json; del _json.make_scanner"]
)
def test_without_the_interpreters_own_scanner_json_does_the_work(gone: str) -> None:
    code = (
        f"import sys; {gone}\n"
        "from parsers.quick_json import load, quoted, raw_member\n"
        'text = \'{"a": [1, 2.50], "b": "\\u00e9"}\'\n'
        "print(load(text), raw_member(text, 'a', [1, 2.5]), quoted('\u00e9'))\n"
        "for wrong in ('', '{', '[NaN]', '[' * 100000, '{\"a\\n\": 1}'):\n"
        "    try:\n        print(load(wrong))\n    except ValueError:\n        pass\n"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout == "{'a': [1, 2.5], 'b': 'é'} [1, 2.50] \"\\u00e9\"\n"
