"""The roadmap an admin writes: outcomes, the period, standing and exempt work; several files are one roadmap."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from rules.language.calendar import Calendar, calendar_of
from rules.roadmap.file import MATCH_FACTS, Exemption, RoadmapFile, Standing
from rules.roadmap.life import life_errors
from rules.roadmap.outcomes import outcome_of, period_of
from rules.roadmap.readings import Kept, ReadFile, with_kept
from rules.roadmap.texts import RoadmapText
from syncd.documents import Document, validate
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.outcomes import Contradiction, Outcome, Period
from syncd.model.truth import Unknown

__all__ = ["MATCH_FACTS", "Exemption", "Roadmap", "Standing", "load_roadmap", "with_readings"]


class Roadmap(msgspec.Struct, frozen=True, kw_only=True):
    """The roadmap of a workspace; ``warnings`` say what is doubtful, at its place.

    ``calendar``: its working days, where they are not the installation's. ``stated``: the keys that files state of an
    outcome, by its id. ``contradictions``: what files and trackers say differently of an outcome, by its id.
    ``unread``: why outcomes that live in a tracker may be missing.
    """

    outcomes: tuple[Outcome, ...] = ()
    period: Period | None = None
    standing: tuple[Standing, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    calendar: Calendar | None = None
    stated: Mapping[str, frozenset[str]] = {}
    contradictions: Mapping[str, tuple[Contradiction, ...]] = {}
    unread: Unknown | None = None
    warnings: tuple[ConfigError, ...] = ()


def load_roadmap(
    documents: Sequence[Document],
    trackers: Collection[str] | None = None,
    read: ReadFile | None = None,
    *,
    is_open: bool = False,
) -> Roadmap:
    """Return the roadmap of all files; raises ConfigErrors with all that is wrong in them.

    ``trackers`` are the names that a reference can begin with; None where they are not known. ``read`` gives the files
    of readings; without it they are left out. ``is_open``: there may be outcomes that none of these files state.
    """
    errors: list[ConfigError] = []
    files: list[RoadmapFile] = []
    for document in documents:
        try:
            files.append(RoadmapFile(document, validate(document, RoadmapText)))
        except ConfigErrors as found:
            errors += found.errors
    is_whole = len(files) == len(documents) and not any(document.errors for document in documents)
    roadmap = _roadmap(files, read, is_open=is_open)
    errors += [error for file in files for error in file.errors()]
    if trackers is not None:
        errors += [error for file in files for error in file.strangers(trackers)]
    errors += _duplicates(files)
    errors += life_errors([each for file in files for each in file.stated()], is_open=is_open or not is_whole)
    errors += _seconds(files, "period")
    errors += _seconds(files, "calendar")
    if errors:
        order = {document.name: position for position, document in enumerate(documents)}
        last = len(documents)
        raise ConfigErrors(
            sorted(errors, key=lambda each: (order.get(each.file, last), each.file, each.line, each.column))
        )
    return roadmap


def with_readings(roadmap: Roadmap, kept: Kept) -> Roadmap:
    """Return a roadmap with the readings that were stored; what a file says otherwise of a day counts, and is told."""
    outcomes, doubts = with_kept(roadmap.outcomes, kept)
    if outcomes == roadmap.outcomes and not doubts:
        return roadmap
    warnings = (*roadmap.warnings, *doubts)
    return msgspec.structs.replace(roadmap, outcomes=outcomes, warnings=warnings)


def _roadmap(files: Sequence[RoadmapFile], read: ReadFile | None, *, is_open: bool) -> Roadmap:
    """Return what is right in the files; what is wrong is collected in them."""
    period = period_of(next((file.text.period for file in files if file.text.period is not None), None))
    calendar = next((file.text.calendar for file in files if file.text.calendar is not None), None)
    stated = [(file, each) for file in files for each in file.stated()]
    return Roadmap(
        outcomes=tuple(
            outcome_of(
                each.text,
                stated_in=file.document.name,
                measures=file.measures(each, read),
                owner=file.text.owner,
                period=period,
            )
            for file, each in stated
        ),
        period=period,
        standing=tuple(each for file in files for each in file.standing()),
        exempt=tuple(each for file in files for each in file.exempt()),
        calendar=calendar_of(calendar) if calendar is not None else None,
        stated={each.id: frozenset(each.text.model_fields_set) for _, each in stated},
        warnings=tuple(warning for file in files for warning in file.warnings(is_open=is_open)),
    )


def _duplicates(files: Iterable[RoadmapFile]) -> Iterator[ConfigError]:
    """Yield an error at every place of an id that stands in several; labels compare without case, and so do ids."""
    places: dict[tuple[str, str], list[ConfigError]] = {}
    for file in files:
        for what, written, place in file.ids():
            places.setdefault((what, written.casefold()), []).append(place)
    for (what, written), found in places.items():
        for position, place in enumerate(found if len(found) > 1 else ()):
            other = found[0] if position else found[1]
            message = f"{what} '{written}' is in {other.file}:{other.line}:{other.column} too; ids are unique"
            yield ConfigError(message, file=place.file, line=place.line, column=place.column)


def _seconds(files: Iterable[RoadmapFile], key: str) -> Iterator[ConfigError]:
    """Yield an error wherever a key stands that another file has already."""
    having = [file for file in files if getattr(file.text, key) is not None]
    for file in having[1:]:
        first = having[0].document.error((key,), "", on_key=True)
        message = f"the {key} is in {first.file}:{first.line} already; a roadmap has one"
        yield file.document.error((key,), message, on_key=True)
