"""The tree of errors."""

import inspect
import pickle

from seechain import errors
from seechain.errors import AgreementError, SeechainError


def test_every_error_hangs_below_the_root_and_stands_in_the_docstring() -> None:
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    own = [each for each in classes if each.__module__ == errors.__name__]
    assert len(own) > 5
    for each in own:
        assert issubclass(each, SeechainError)
        assert each.__name__ in (errors.__doc__ or "")


def test_one_fault_is_one_line_and_several_are_a_list() -> None:
    assert str(AgreementError("name is missing", "a.yaml")) == "a.yaml: name is missing"
    several = AgreementError(["name is missing", "terms is missing"], "a.yaml")
    assert str(several) == "a.yaml has 2 faults:\n- name is missing\n- terms is missing"


def test_an_agreement_error_survives_a_process_boundary() -> None:
    error = AgreementError(["one", "two"], "a.yaml")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.faults, copy.source, str(copy)) == (error.faults, error.source, str(error))
