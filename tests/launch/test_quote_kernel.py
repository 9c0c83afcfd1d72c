import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chedai.config.launch import quote_kernel
from chedai.config.launch.environment import child_environment
from chedai.config.launch.processes import wait_until
from chedai.config.launch.quote_kernel import (
    FOLDER_VARIABLE,
    KernelCompiler,
    KernelFolder,
    compile_into,
    load_in_background,
    load_when_ready,
)
from chedai.core.plans.kernel import __main__ as warm

SOURCES = Path(__file__).parents[2] / "src"
SHARED_CACHE = Path(os.environ[FOLDER_VARIABLE])


def marked(folder: Path) -> KernelFolder:
    kernel = KernelFolder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kernel.mark.write_text(kernel.fingerprint, encoding="ascii")
    return kernel


def refuse_to_load() -> None:
    raise OSError("cache is broken")


@pytest.fixture
def compiler(tmp_path: Path) -> KernelCompiler:
    return KernelCompiler(KernelFolder(tmp_path / "kernel"), dict(os.environ), tmp_path / "log")


@pytest.mark.parametrize("content", [None, "", "another version", "另一个版本"])
def test_a_folder_without_the_mark_of_these_sources_is_not_ready(
    tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "compiled-for").write_text(content, encoding="utf-8")

    assert not KernelFolder(tmp_path).is_ready


def test_a_marked_folder_is_ready_until_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = marked(tmp_path / "kernel")
    assert KernelFolder(kernel.path).is_ready

    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "filling.py").write_text("changed = True", encoding="utf-8")
    monkeypatch.setattr(quote_kernel, "SOURCES", sources)

    assert not KernelFolder(kernel.path).is_ready


def test_a_ready_kernel_is_loaded(tmp_path: Path) -> None:
    loaded: list[str] = []

    assert load_when_ready(marked(tmp_path), load=lambda: loaded.append("once"))
    assert loaded == ["once"]


def test_a_process_never_compiles_what_is_missing(tmp_path: Path) -> None:
    loaded: list[str] = []

    is_loaded = load_when_ready(
        KernelFolder(tmp_path / "missing"), load=lambda: loaded.append("!"), patience_seconds=0
    )

    assert not is_loaded
    assert loaded == []


def test_a_process_loads_what_becomes_ready_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_kernel, "POLL_SECONDS", 0.01)
    loaded = threading.Event()
    waiting = threading.Thread(
        target=lambda: load_when_ready(KernelFolder(tmp_path), load=loaded.set)
    )
    waiting.start()
    assert not loaded.is_set()

    marked(tmp_path)
    waiting.join(timeout=30)

    assert loaded.is_set()


def test_a_kernel_that_cannot_be_loaded_is_reported_and_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert not load_when_ready(marked(tmp_path), load=refuse_to_load)

    assert str(tmp_path) in caplog.text


def test_nothing_is_loaded_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)

    assert load_in_background() is None


def test_loading_goes_on_beside_the_process_that_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(quote_kernel, "load_when_ready", lambda folder: asked.append(folder.path))

    thread = load_in_background()

    assert thread is not None
    assert thread.daemon
    thread.join(timeout=30)
    assert asked == [tmp_path]


def test_compiling_marks_the_folder_after_what_searches_use_was_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[object, bool]] = []
    kernel = KernelFolder(tmp_path / "deep" / "kernel")
    monkeypatch.setenv(FOLDER_VARIABLE, str(SHARED_CACHE))
    monkeypatch.setattr(
        warm, "warm_up", lambda **variants: compared.append((variants, kernel.is_ready))
    )

    compile_into(kernel)

    assert compared == [({"with_schedules": (False,)}, False)]
    assert KernelFolder(kernel.path).is_ready
    assert os.environ[FOLDER_VARIABLE] == str(kernel.path)


def test_a_kernel_that_disagrees_leaves_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disagree(**_variants: object) -> None:
        raise warm.KernelDisagreesError

    monkeypatch.setenv(FOLDER_VARIABLE, str(SHARED_CACHE))
    monkeypatch.setattr(warm, "warm_up", disagree)
    kernel = marked(tmp_path / "kernel")

    with pytest.raises(warm.KernelDisagreesError):
        compile_into(kernel)

    assert not kernel.is_ready


def test_a_folder_that_cannot_be_written_is_said_once_and_stops_nothing(
    compiler: KernelCompiler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kernel").write_text("a file where the folder should be", encoding="utf-8")

    compiler.start()
    assert compiler.process is not None
    assert wait_until(lambda: compiler.process.poll() is not None, seconds=60)
    compiler.watch()
    compiler.watch()

    told = capsys.readouterr().out
    assert told.count("在后台编译试算内核") == 1
    assert told.count("没有编译成功") == 1
    assert str(compiler.log) in told


def test_nothing_is_compiled_or_said_when_it_is_done(
    compiler: KernelCompiler, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(compiler.folder.path)

    compiler.start()
    compiler.watch()
    compiler.stop()

    assert compiler.process is None
    assert capsys.readouterr().out == ""


def test_stopping_ends_a_compiler_at_work(compiler: KernelCompiler) -> None:
    compiler.start()
    process = compiler.process
    assert process is not None

    compiler.stop()

    assert process.returncode is not None
    assert compiler.process is None
    assert not compiler.folder.is_ready


def test_every_process_gets_the_folder_unless_the_environment_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder_for_children() -> str:
        environment = child_environment(
            {}, checkout=tmp_path, kernel=tmp_path / "kernel", is_demo=False
        )
        return environment[FOLDER_VARIABLE]

    monkeypatch.delenv(FOLDER_VARIABLE)
    assert folder_for_children() == str(tmp_path / "kernel")

    monkeypatch.setenv(FOLDER_VARIABLE, "/elsewhere")
    assert folder_for_children() == "/elsewhere"


def test_looking_for_the_kernel_does_not_load_the_compiler() -> None:
    code = (
        "import sys; import chedai.config.launch.quote_kernel; "
        "sys.exit('numba' in sys.modules or 'llvmlite' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        check=False,
    )

    assert done.returncode == 0
