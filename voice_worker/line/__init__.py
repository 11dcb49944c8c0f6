"""Discord's voice: the only part that knows the gateway library and end-to-end encryption."""

from voice_worker.line.client import Line as Line
from voice_worker.line.errors import ChannelFull as ChannelFull
from voice_worker.line.errors import JoinFailed as JoinFailed
from voice_worker.line.errors import LineError as LineError
from voice_worker.line.errors import LoginRefused as LoginRefused
from voice_worker.line.errors import NoPermission as NoPermission
from voice_worker.line.errors import NoSuchChannel as NoSuchChannel
from voice_worker.line.events import Events as Events
from voice_worker.line.events import Message as Message
from voice_worker.line.events import Why as Why
from voice_worker.line.link import Link as Link
