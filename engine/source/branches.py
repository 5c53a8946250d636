"""Which of a schema's alternatives (``oneOf``, ``anyOf``) an author meant, told from the errors that each gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsonschema import ValidationError


@dataclass(frozen=True, slots=True)
class Branches:
    """The errors of each alternative; none of any where more than one of them fits."""

    error: ValidationError
    errors: Mapping[int, list[ValidationError]]

    @classmethod
    def of(cls, error: ValidationError) -> Branches:
        errors: dict[int, list[ValidationError]] = {}
        for inner in error.context or ():
            errors.setdefault(int(inner.schema_path[0]), []).append(inner)
        return cls(error, errors)

    def alternative_keys(self) -> list[str]:
        """The keys, where every alternative is nothing but "this key is there"."""
        branches = self.error.validator_value
        if not isinstance(branches, list) or not all(
            isinstance(b, Mapping) and set(b) == {"required"} for b in branches
        ):
            return []
        return [str(key) for branch in branches for key in branch["required"]]

    def meant(self) -> list[ValidationError] | None:
        """The errors of the alternative for this type of value: the one with the fewest, the deepest first."""
        fitting = [errors for errors in self.errors.values() if not any(_is_other_type(error) for error in errors)]
        if not fitting:
            return None
        return min(fitting, key=lambda errors: (len(errors), -max(len(error.path) for error in errors)))

    def types(self) -> list[str]:
        """The types that the alternatives asked for."""
        wanted = [error.validator_value for errors in self.errors.values() for error in errors if _is_other_type(error)]
        return [str(name) for value in wanted for name in (value if isinstance(value, list) else [value])]


def _is_other_type(error: ValidationError) -> bool:
    """The value as a whole is of another type than this alternative takes (a list where it takes text)."""
    return (error.validator == "type" and not error.relative_path) or (
        error.validator in ("oneOf", "anyOf") and not error.relative_path and Branches.of(error).meant() is None
    )
