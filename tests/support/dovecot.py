"""A real Dovecot of one's own: loopback, free ports, a folder under /tmp, certificates of a made-up authority."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import trustme

from tests.support.ports import free_port, wait_for_port
from tests.support.programs import require, started, stop

PASSWORD = 'Pa"ss w\\ord'
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
disable_plaintext_auth = {strict}
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 s
maildir_stat_dirs = yes
namespace inbox {{
  inbox = yes
  {namespace}
  mailbox Spam {{
    auto = create
    special_use = \\Junk
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{extra}
"""


@dataclass
class Dovecot:
    """Users and folders of a server. Delivery is what a mail server does: a file in the Maildir."""

    folder: Path
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    delivered: int = 0

    @property
    def ca_file(self) -> str:
        """The authority its certificate is of."""
        return str(self.folder / "ca.pem")

    @property
    def log(self) -> str:
        """What it wrote down."""
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def maildir(self, user: str) -> Path:
        """Where a user's INBOX is."""
        return self.folder / "home" / user / "Maildir"

    def deliver(self, user: str, mails: Iterable[bytes], at: datetime | None = None) -> None:
        """New mail; ``at`` is when it arrived (INTERNALDATE)."""
        box = self.maildir(user)
        for raw in mails:
            self.delivered += 1
            temporary = box / "tmp" / f"{time.time_ns()}.M{self.delivered}P{os.getpid()}.test"
            temporary.write_bytes(raw)
            if os.getuid() == 0:
                shutil.chown(temporary, *_mail_user())
            if at is not None:
                os.utime(temporary, (at.timestamp(), at.timestamp()))
            temporary.rename(box / "new" / temporary.name)

    @contextmanager
    def colleague(self, user: str, folder: str | None = "INBOX") -> Iterator[imaplib.IMAP4_SSL]:
        """Another mail program of the same user."""
        context = ssl.create_default_context(cafile=self.ca_file)
        with imaplib.IMAP4_SSL("127.0.0.1", self.tls_port, ssl_context=context, timeout=30) as client:
            client._simple_command("LOGIN", user, client._quote(PASSWORD))
            client.state = "AUTH"
            if folder is not None:
                client.select(folder)
            yield client

    def count(self, user: str, folder: str = "INBOX", criteria: str = "ALL") -> int:
        """How many mails of a folder meet a criterion; none where there is no folder."""
        with self.colleague(user, None) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return 0
            return len((client.search(None, criteria)[1][0] or b"").split())

    def renumber(self, user: str) -> None:
        """Another UIDVALIDITY, UIDs from 1 again; the mails stay."""
        box = self.maildir(user)
        try:
            before = int((box / "dovecot-uidlist").read_text().split()[1].removeprefix("V"))
        except FileNotFoundError:  # nobody has opened the folder yet: any number is another one
            before = int(time.time())
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (box / name).unlink(missing_ok=True)
        fresh = box / "dovecot-uidlist"
        fresh.write_text(f"3 V{before + 1} N1 G{before:032x}\n")
        if os.getuid() == 0:
            shutil.chown(fresh, *_mail_user())

    def recreate(self, user: str) -> None:
        """INBOX without its mails and under another UIDVALIDITY, as if it had been deleted and made anew."""
        for part in ("new", "cur"):
            for file in (self.maildir(user) / part).iterdir():
                file.unlink(missing_ok=True)
        self.renumber(user)

    def wipe(self, user: str) -> None:
        """As if nobody had ever used this account."""
        with self.colleague(user, None) as client:
            client.select()
            client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            client.close()
            for line in client.list()[1]:
                name = bytes(line).rpartition(b'"/" ')[2].decode() if isinstance(line, bytes) else ""
                if name not in ("INBOX", ""):
                    client.delete(name)


def _mail_user() -> tuple[int, int]:
    """Who owns the mail: nobody where the tests run as root, else the tester."""
    return (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())


def _config(server: Dovecot, namespace: str, extra: str, strict: bool) -> str:
    me = pwd.getpwuid(os.getuid()).pw_name
    root = os.getuid() == 0
    uid, gid = _mail_user()
    return CONFIG.format(
        folder=server.folder,
        port=server.port,
        tls_port=server.tls_port,
        uid=uid,
        gid=gid,
        internal="dovecot" if root else me,
        internal_group="dovecot" if root else grp.getgrgid(os.getgid()).gr_name,
        login="dovenull" if root else me,
        namespace=namespace,
        extra=extra,
        strict="yes" if strict else "no",
    )


@contextmanager
def dovecot(*users: str, namespace: str = "separator = /", extra: str = "", strict: bool = False) -> Iterator[Dovecot]:
    """A server with these users, all with the password PASSWORD; stopped and swept away at the end."""
    program = require("dovecot")
    folder = Path(tempfile.mkdtemp(prefix="otklik-dovecot-", dir="/tmp"))
    try:
        server = Dovecot(folder)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(
            folder / "server.pem"
        )
        (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in users))
        folder.chmod(0o755)
        for user in users:
            for part in ("cur", "new", "tmp"):
                (server.maildir(user) / part).mkdir(parents=True)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", ":".join(map(str, _mail_user())), str(folder / "home")], check=True)
        (folder / "dovecot.conf").write_text(_config(server, namespace, extra, strict))
        with started([program, "-F", "-c", str(folder / "dovecot.conf")]) as (process, _):
            for port in (server.port, server.tls_port):
                wait_for_port(port)
            yield server
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
