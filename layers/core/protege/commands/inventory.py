"""The bot on one screen: everything that a person can do.

After a change here or of a declaration: `python -m tools.docs` makes table.py of it.
"""

from protege.commands.archive import archive
from protege.commands.ask import ask
from protege.commands.compare import compare, duel_correct, duel_vote
from protege.commands.correct import correct, correct_message, corrected, correction_button
from protege.commands.dataset.add import dataset_add, row_added
from protege.commands.dataset.change import (
    dataset_delete,
    dataset_merge,
    dataset_restore,
    dataset_split,
    undo_delete,
)
from protege.commands.dataset.export import dataset_diff, dataset_export
from protege.commands.dataset.show import dataset_list, dataset_show
from protege.commands.feedback import feedback, thumb_down, thumb_up
from protege.commands.getfile import getfile
from protege.commands.hi import hi
from protege.commands.instruction import edit_instruction, instruction, instruction_edited
from protege.commands.jobs.buttons import cancel_job, confirm_job, retry_job
from protege.commands.jobs.command import jobs
from protege.commands.model.buttons import (
    activate_anyway,
    activate_version,
    compare_versions,
    discard_version,
    restore_version,
    undo_activation,
)
from protege.commands.model.change import (
    model_activate,
    model_delete,
    model_rebuild,
    model_restore,
    model_rollback,
    rebuild_version,
)
from protege.commands.model.comparing import model_compare
from protege.commands.model.diff import diff_version, model_diff
from protege.commands.model.export import export_as, export_version, model_export
from protege.commands.model.show import model_list, model_page, model_show
from protege.commands.privacy import privacy, privacy_confirm, privacy_delete, privacy_export
from protege.commands.review.card import (
    review_approve,
    review_edit,
    review_edited,
    review_reject,
    review_skip,
    review_take_back,
)
from protege.commands.review.command import review
from protege.commands.review.lists import review_answer
from protege.commands.select_dataset import select_dataset
from protege.commands.settings.command import no_trainer_role, settings
from protege.commands.status.command import status
from protege.commands.teach import taught, teach_message
from protege.commands.test.asking import test_begin
from protege.commands.test.command import test
from protege.commands.test.mistakes import test_correct, test_errors
from protege.commands.test.outcome import test_table
from protege.commands.train.command import train
from protege.commands.voice.calls import join, leave, say
from protege.commands.voice.chat import chat_channel
from protege.commands.voice.consent import listen_to_me, stop_listening
from protege.commands.voice.rules import voice
from protege.ui.declare import Action

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
    jobs,
    confirm_job,
    cancel_job,
    retry_job,
    model_list,
    model_page,
    model_show,
    model_activate,
    activate_version,
    activate_anyway,
    undo_activation,
    model_rollback,
    model_compare,
    compare_versions,
    model_diff,
    diff_version,
    model_export,
    export_version,
    export_as,
    model_delete,
    discard_version,
    restore_version,
    model_restore,
    model_rebuild,
    rebuild_version,
    compare,
    duel_vote,
    duel_correct,
    select_dataset,
    dataset_list,
    dataset_show,
    dataset_add,
    row_added,
    dataset_split,
    dataset_export,
    dataset_diff,
    dataset_merge,
    dataset_delete,
    undo_delete,
    dataset_restore,
    archive,
    getfile,
    test,
    test_correct,
    test_begin,
    test_errors,
    test_table,
    teach_message,
    taught,
    review,
    review_approve,
    review_edit,
    review_edited,
    review_reject,
    review_skip,
    review_take_back,
    review_answer,
    settings,
    no_trainer_role,
    status,
    privacy,
    privacy_export,
    privacy_delete,
    privacy_confirm,
    join,
    leave,
    say,
    voice,
    listen_to_me,
    stop_listening,
    chat_channel,
)
