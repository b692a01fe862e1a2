"""Opens all that the ``chat`` command serves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from rag.cli.llm import opened_reader
from rag.cli.output import progress_bars
from rag.config import Settings
from rag.errors import StoreMismatch
from rag.pipeline import Assistant
from rag.pipeline.opening import load_encoder
from rag.pipeline.shelf import Shelf, open_or_create
from rag.schema import Encoder
from ui.conversations import Conversations, conversations_path
from ui.shelf import Desk
from ui.web import Parts


@contextmanager
def opened_parts(args: argparse.Namespace) -> Iterator[Parts]:
    """The index that ``--index`` names, or the default one; one that is not there yet is made, empty.

    The model that ``--llm`` names writes the answers, until the block ends. Raises RagError.
    """
    settings = Settings.from_env()
    with ExitStack() as stack:
        reader = stack.enter_context(opened_reader(args))
        encoder = load_encoder(settings.encoder, settings.device)
        shelf = stack.enter_context(_shelf(args, settings, encoder))
        assistant = Assistant(shelf.index_dir, reader=reader, encoder=encoder, policy=args.policy)
        stack.enter_context(assistant)
        assistant.warm_up()  # so that the first question is answered as fast as the next
        conversations = stack.enter_context(closing(Conversations(conversations_path(shelf.index_dir))))
        conversations.cut_off()
        yield Parts(assistant, conversations, Desk(shelf))


def _shelf(args: argparse.Namespace, settings: Settings, encoder: Encoder) -> Shelf:
    folder = args.index or settings.index_dir
    try:
        return open_or_create(folder, encoder)
    except StoreMismatch:
        if args.index:
            raise
    from rag.default import open_catalogue

    with progress_bars() as progress:  # the default index of an earlier version is built anew
        open_catalogue(progress=progress).close()
    return open_or_create(folder, encoder)
