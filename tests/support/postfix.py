"""A Postfix of its own: the mail system of departments and clients, and the desk's relay.

It runs on a loopback port with its configuration, queue and mailboxes in a folder of its own. Postfix gives up its
rights by itself, so only root can start it, and the folders above its queue have to be open to everybody."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.ports import free_port, wait_for_port
from tests.support.programs import require, run, started

SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/conf/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
transport_maps = texthash:{folder}/conf/routes
smtp_dns_support_level = disabled
smtp_host_lookup = native
minimal_backoff_time = 1s
queue_run_delay = 1s
"""
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Postfix:
    """A mail system that runs: ``port`` takes mail for everybody it knows."""

    folder: Path
    port: int

    def maildir(self, address: str) -> Path:
        """A mailbox as a folder that mail programs can open."""
        return self.folder / "mail" / address

    def box(self, address: str) -> list[bytes]:
        """The letters in a mailbox, oldest first."""
        files = [file for part in ("new", "cur") for file in (self.maildir(address) / part).glob("*")]
        return [file.read_bytes() for file in sorted(files, key=lambda file: file.name)]

    def log(self) -> str:
        """What it did."""
        return (self.folder / "mail.log").read_text(errors="replace")


@contextmanager
def postfix(addresses: Sequence[str], routes: Mapping[str, int]) -> Iterator[Postfix]:
    """Runs with a mailbox for each address; mail for a domain of ``routes`` goes on to that port of this machine."""
    program = require("postfix")
    if os.geteuid() != 0:
        pytest.skip("Postfix can only be started by root")
    folder = Path(tempfile.mkdtemp(prefix="otklik-postfix-"))
    port = free_port()
    try:
        _written(folder, port, addresses, routes)
        config = str(folder / "conf")
        run([program, "-c", config, "check"])
        with started([program, "-c", config, "start-fg"]) as (process, _):
            wait_for_port(port)
            yield Postfix(folder, port)
            run([program, "-c", config, "stop"])
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, port: int, addresses: Sequence[str], routes: Mapping[str, int]) -> None:
    folder.chmod(0o755)
    for name in ("conf", "queue", "data", "mail"):
        (folder / name).mkdir(mode=0o755)
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", NOBODY, NOBODY)
    domains = ", ".join(sorted({address.rpartition("@")[2] for address in addresses}))
    main = MAIN.format(folder=folder, domains=domains, uid=NOBODY)
    (folder / "conf" / "main.cf").write_text(main.lstrip())
    (folder / "conf" / "master.cf").write_text(SERVICES.lstrip().format(port=port))
    (folder / "conf" / "boxes").write_text("".join(f"{address} {address}/\n" for address in addresses))
    (folder / "conf" / "routes").write_text("".join(f"{d} smtp:[127.0.0.1]:{p}\n" for d, p in routes.items()))
