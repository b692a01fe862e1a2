"""The child process in which llama.cpp runs a model: ``python child.py``, with what to do on standard input.

The first line on standard input is JSON: ``path``, ``name``, ``context`` (tokens for each request),
``slots`` (requests at once), ``threads``, ``key``. The answer is one line of JSON on standard output:
``{"url": …}`` once the model is loaded. The process ends when standard input does, so it never
outlives the one that started it. It needs nothing of reportqa.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from typing import Any


def main() -> None:
    """Run the model until standard input ends."""
    asked = json.loads(sys.stdin.readline())
    out = os.fdopen(os.dup(1), "w")  # the engine may write on standard output
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Linux: if memory runs out, this process is to go, and not the one that the user sees.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("800")
    server = _serve(asked)
    out.write(json.dumps({"url": server.listening_address}) + "\n")
    out.flush()
    threading.Event().wait()


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # at once, in the middle of a reply too; there is nothing to save


def _serve(asked: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = asked["path"]
    params.model_alias = {asked["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any free one
    params.api_keys = [asked["key"]]
    params.n_parallel = asked["slots"]
    params.n_ctx = asked["context"] * asked["slots"]
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = asked["threads"]
    params.fit_params = False  # the caller has worked out what fits
    params.cache_ram_mib = 0  # no gigabytes of old prompts
    params.offline = True
    params.ui = params.endpoint_slots = False
    params.cors_origins = ""
    params.enable_reasoning = 0  # a thought takes minutes on a processor
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
