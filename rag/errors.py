"""What can go wrong, as the caller sees it.

    RagError
    ├── ReportError      a file or folder could not be read as a report
    ├── MetadataError    a reports.toml is malformed
    ├── QuestionError    a question is empty or too long
    ├── ConfigError      a setting has an impossible value
    ├── EncoderError     the encoder's weights are missing, altered or unusable
    ├── ModelError       a local LLM cannot be used or did not answer
    │   ├── ModelMissing     nothing listens there, or it has no such model
    │   ├── ModelRefused     the endpoint answered with an HTTP error, such as a wrong key
    │   ├── ModelTimeout     the first word, or the next one, did not come in time
    │   ├── ModelBroke       the connection broke off, or the engine died
    │   └── ModelOverflow    prompt and answer do not fit the model's context
    └── StoreError       something is wrong with an index folder
        ├── StoreMissing     there is no index there
        ├── StoreLocked      another process is writing to it
        ├── StoreDamaged     the database is truncated, foreign or inconsistent
        ├── StoreMismatch    it was built with another encoder, dimension or schema
        └── StoreFull        the disk is full

Every message names the file or value, says what is wrong and what to do next.
An answer that the reports do not hold is not an error: see ``Answer.status``.
"""


class RagError(Exception):
    """Base of every error that reportqa raises on purpose; its text is shown to the user."""


class ReportError(RagError):
    """A file cannot be read as a report."""


class MetadataError(RagError):
    """A ``reports.toml`` holds an unknown key, a bad date or is not TOML."""


class QuestionError(RagError):
    """A question is empty or longer than the limit."""


class ConfigError(RagError):
    """A setting or option has a value that cannot work."""


class EncoderError(RagError):
    """The encoder's weights are missing, altered or cannot be loaded."""


class ModelError(RagError):
    """A local LLM cannot be used or did not answer."""


class ModelMissing(ModelError):
    """Nothing listens at the address, the file is no model, or the endpoint has no model of that name."""


class ModelRefused(ModelError):
    """The endpoint answered with an HTTP error."""


class ModelTimeout(ModelError):
    """The first piece of a reply, or the next one, did not come in time."""


class ModelBroke(ModelError):
    """The connection broke off in the middle of a reply, or the engine died."""


class ModelOverflow(ModelError):
    """Prompt and answer together are longer than the model's context."""


class StoreError(RagError):
    """Something is wrong with an index folder."""


class StoreMissing(StoreError):
    """The folder holds no index."""


class StoreLocked(StoreError):
    """Another process holds the write lock."""


class StoreDamaged(StoreError):
    """The database is truncated, foreign or inconsistent."""


class StoreMismatch(StoreError):
    """The index was built with another encoder, dimension, chunk size or schema version."""


class StoreFull(StoreError):
    """The disk is full; the change was rolled back."""
