"""Signs and verifies JSON Web Tokens with PyJWT: jobs as JSON on standard input, what came of them on standard output."""

import json
import sys

import jwt


def verdict(job):
    try:
        # The tests have a clock of their own; the claims are theirs to check.
        options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        return {"payload": jwt.decode(job["token"], job["key"], algorithms=[job["algorithm"]], options=options)}
    except jwt.PyJWTError as error:
        return {"refused": type(error).__name__}


jobs = json.load(sys.stdin)
signed = [jwt.encode(job["payload"], job["key"], algorithm=job["algorithm"]) for job in jobs["sign"]]
json.dump({"signed": signed, "verdicts": [verdict(job) for job in jobs["verify"]]}, sys.stdout)
