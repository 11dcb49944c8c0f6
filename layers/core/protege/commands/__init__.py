"""The bot on one screen: everything that a person can do."""

from protege.commands.ask import ask
from protege.commands.correct import correct, correct_message, corrected, correction_button
from protege.commands.feedback import feedback, thumb_down, thumb_up
from protege.commands.hi import hi
from protege.commands.instruction import edit_instruction, instruction, instruction_edited
from protege.commands.test import test
from protege.commands.train import train
from protege.ui.declare import Action
from protege.ui.dispatch import Router

ACTIONS: tuple[Action, ...] = (
    hi,
    ask,
    correct,
    correct_message,
    correction_button,
    corrected,
    feedback,
    thumb_up,
    thumb_down,
    instruction,
    edit_instruction,
    instruction_edited,
    train,
    test,
)
ROUTER = Router(ACTIONS)
