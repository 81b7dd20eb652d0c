"""A mail server that misbehaves on demand, in a process of its own.

    python -m tests.faults.sink LEDGER SEED '{"RCPT 4xx": 0.1, "drop after accept": 0.05}' PORT

Prints its port, any free one for PORT 0. Every letter it takes is a line in the ledger before it says so: "accepted
<message-id>". A reply that it then withholds is another: "withheld <message-id>".

With "certificates", a folder, it asks for TLS, and every other line comes to nothing, each in another way. That is a
line of the ledger too, such as "TLS cut", and so is a letter that came all the same: "readable <message-id>".
"""

import json
import random
import re
import socketserver
import ssl
import sys
import threading
import time
from itertools import cycle

STALL = 5  # seconds; longer than the workers of these tests wait
ACK_DELAY = 0.01  # so that a killed worker often dies between body and reply
TLS_TROUBLE = ["cut", "stranger", "other-name", "not-offered"]


class Conversation(socketserver.StreamRequestHandler):
    trouble = None  # with TLS

    def handle(self):
        try:
            self.converse()
        except (ConnectionError, TimeoutError, ValueError, ssl.SSLError):
            return  # the other side was killed, or hung up, or does not trust us

    def converse(self):
        if self.happens("connect 421"):
            return self.say("421 busy")
        self.say("220 sink")
        while line := self.rfile.readline().decode("ascii").strip():
            if self.answer(line.split()[0].upper()) is False:
                return

    def answer(self, word):
        """False when the line is to be cut."""
        if word == "QUIT":
            self.say("221 bye")
            return False
        if word == "DATA":
            return self.stage("DATA", "354 go ahead") and self.take_letter()
        if word in {"MAIL", "RCPT"}:
            return self.stage(word, "250 ok")
        if word == "STARTTLS":
            return self.begin_tls()
        return self.say("250-sink\r\n250 STARTTLS" if word == "EHLO" and self.offers_tls() else "250 ok")

    @property
    def is_open(self):
        """To whoever listens on the way, though it ought to be closed."""
        return "certificates" in self.server.faults and not isinstance(self.connection, ssl.SSLSocket)

    def offers_tls(self):
        if self.is_open:
            self.trouble = next(self.server.turns)
            if self.trouble:
                self.server.write(f"TLS {self.trouble}")
        return self.is_open and self.trouble != "not-offered"

    def begin_tls(self):
        self.say("220 begin")
        if self.trouble == "cut":
            return False
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{self.server.faults['certificates']}/{self.trouble or 'right'}.pem")
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def stage(self, name, yes):
        """Say yes, or whatever goes wrong at this stage. True after a yes, False when the line is cut."""
        for code, meaning in (("4xx", "451 try later"), ("5xx", "550 no"), ("421", "421 going away")):
            if self.happens(f"{name} {code}"):
                self.say(meaning)
                return False if code == "421" else None
        if self.happens(f"{name} stall"):
            time.sleep(STALL)
            return False
        if self.happens(f"{name} drop"):
            return False
        self.say(yes)
        return True

    def take_letter(self):
        letter = b""
        while not letter.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return False  # hung up before the dot: nothing was handed over
            letter += line
        if any(self.happens(f"body {code}") for code in ("4xx", "5xx")):
            return self.say("451 try later")
        message_id = re.search(rb"(?mi)^Message-ID: *(<\S+>)", letter)[1].decode()
        if self.is_open or self.trouble:
            self.server.write(f"readable {message_id}")
        self.server.write(f"accepted {message_id}")
        time.sleep(self.server.faults.get("ack delay", ACK_DELAY))
        for fault, pause in (("drop after accept", 0), ("late reply", STALL)):
            if self.happens(fault):
                self.server.write(f"withheld {message_id}")
                time.sleep(pause)
                return False
        self.say("250 taken")
        return True

    def happens(self, fault):
        chance = self.server.faults.get(fault, 0)
        return chance and self.server.dice.random() < chance

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, ledger, seed, faults, port):
        super().__init__(("127.0.0.1", port), Conversation)
        self.ledger, self.dice, self.faults = ledger, random.Random(seed), faults
        self.lock = threading.Lock()
        self.turns = cycle(turn for trouble in TLS_TROUBLE for turn in (trouble, None))

    def write(self, line):
        with self.lock, open(self.ledger, "a") as ledger:
            ledger.write(line + "\n")

    def handle_error(self, request, address):
        raise


if __name__ == "__main__":
    with Sink(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), int(sys.argv[4])) as sink:
        print(sink.server_address[1], flush=True)
        sink.serve_forever()
