"""Building the real binaries and deploying the real template with the real SAM CLI."""

import os
import shutil
import subprocess

import aws
import package
import processes
import tools
from places import FUNCTIONS, LAMBDA, LOGS, PROJECT, STACK, STATE, Ports, Refusal, address, architecture, target


def build() -> None:
    """One cargo call for everything that runs, then each function's binary where the template looks for it."""
    packages = [word for name in [*FUNCTIONS, "vendors-sim", "local"] for word in ("-p", name)]
    # The first build takes minutes and should be seen to move.
    quiet = ["--quiet"] if (target() / "debug" / FUNCTIONS[0]).is_file() else []
    built = subprocess.run(["cargo", "build", *quiet, "--bins", *packages], cwd=PROJECT, stdin=subprocess.DEVNULL)
    if built.returncode != 0:
        raise Refusal("the build failed: the compiler's words are above")
    for name in FUNCTIONS:
        _place(name)
    package.main(FUNCTIONS, level=package.FAST)


def _place(name: str) -> None:
    """Puts a binary where `make build` puts it, without debug information: a third of the size to zip and upload."""
    source, bootstrap = target() / "debug" / name, LAMBDA / name / "bootstrap"
    source_time = source.stat().st_mtime_ns
    if bootstrap.is_file() and bootstrap.stat().st_mtime_ns == source_time:
        return
    bootstrap.parent.mkdir(parents=True, exist_ok=True)
    fresh = bootstrap.with_name(f"bootstrap.{os.getpid()}")
    try:
        stripped = shutil.which("strip") and subprocess.run(["strip", "-o", fresh, source], capture_output=True).returncode == 0
        if not stripped:
            shutil.copyfile(source, fresh)
        fresh.chmod(0o755)
        # The time of the source says next time that this is still the same binary.
        os.utime(fresh, ns=(source_time, source_time))
        fresh.replace(bootstrap)
    finally:
        fresh.unlink(missing_ok=True)


def deploy(ports: Ports) -> dict[str, str]:
    """`sam deploy` of template.yaml with the settings of samconfig.toml's `local`; the outputs of the stack."""
    settings = {
        "Architecture": architecture(),
        "PublicBaseUrl": address(ports.front),
        # Exactly the receiver and the simulated vendors: every other private address is refused here as on AWS.
        "OutboundAllowList": f"127.0.0.1/32:{ports.receiver},127.0.0.1/32:{ports.vendors}",
        # The hosts of the published examples, which have nothing to give and nowhere to take news to.
        "OutboundStandIns": ",".join(f"{host}={address(ports.receiver)}/elsewhere" for host in ("example.com", "your-app.com")),
        # Simulated vendors take seconds for what takes real ones minutes; polls are planned by it.
        "LatencyScale": f"{0.025 / float(os.environ.get('SIM_SPEED') or 1):.4f}",
        "ProtectData": "false",
    }
    overrides = [f"{name}='{value}'" for name, value in settings.items()]
    env = processes.environment(**aws.CREDENTIALS, **tools.sam_environment(), AWS_ENDPOINT_URL=address(ports.aws), SAM_CLI_POLL_DELAY="0.1")
    command = [tools.program("sam", "sam"), "deploy", "--config-env", "local", "--stack-name", STACK, "--parameter-overrides", *overrides]
    log = LOGS / "deploy.log"
    with open(log, "wb") as words:
        done = subprocess.run(command, cwd=PROJECT, env=env, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        errors = [line for line in log.read_text(errors="replace").splitlines() if "Error" in line or "FAILED" in line]
        raise Refusal(f"sam deploy failed: {errors[-1].strip() if errors else 'no reason given'} (all of it: {log.relative_to(STATE.parent)})")
    return aws.outputs(ports, STACK)
