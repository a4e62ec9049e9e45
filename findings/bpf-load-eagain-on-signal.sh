#!/bin/sh
# bpf(BPF_PROG_LOAD) gives up with EAGAIN, not with EINTR, when a signal is to be handled.
#
# Seen with Linux 6.18, asked by perl-base 5.36.0-7+deb12u3 of Debian 12, as root.
# The verifier looks for a pending signal while it goes through a program and stops when there is one. That it stops is to be expected; how it says so
# is not: the error is EAGAIN and not EINTR, so that no loop that knows EINTR restarts the call, and who looks it up takes it for a shortage. The
# program is valid and is taken at the next try. A signal that is ignored, or blocked, does not count. Long programs, many signals and loaded machines
# make it likely; a small filter in a quiet process never shows it. Whoever loads programs by the bare system call has to ask again.
#
# Output (how many of the 100 are refused in the last line differs):
#   no signal: 100 of 100 loaded
#   an ignored signal every 20 milliseconds: 100 of 100 loaded
#   a blocked signal every 20 milliseconds: 100 of 100 loaded
#   a handled signal every 20 milliseconds: some refused, all of them with EAGAIN, and each loaded when asked again
#
# Ends with 0 when it is so, with 1 when it is otherwise, with 2 when the package's version is gone.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -q download perl-base=5.36.0-7+deb12u3 >/dev/null 2>&1 || { echo "perl-base 5.36.0-7+deb12u3 is not served any more"; exit 2; }
dpkg -x perl-base_*.deb perl
library="$(echo perl/usr/lib/*/perl-base)"
"perl/usr/bin/perl" -I "$library" -e '
    use strict;
    use POSIX;
    use Errno;
    my ($bpf, $setitimer, $load, $count) = (321, 38, 5, 100);
    # r0 = 1, many times, and exit: struct bpf_insn is code, registers, offset, constant.
    my $program = pack("CCsl", 0xb7, 0, 0, 1) x 2000 . pack("CCsl", 0x95, 0, 0, 0);
    my $license = "GPL\0";
    sub load {
        # union bpf_attr: type (1 is a socket filter), number of instructions, where they are, where the licence is; the rest is zero.
        my $attributes = pack("LLQQ", 1, length($program) / 8, unpack("Q", pack("P", $program)), unpack("Q", pack("P", $license))) . "\0" x 96;
        my $file = syscall($bpf, $load, $attributes, length $attributes);
        return $!{EAGAIN} ? "EAGAIN" : "$!" if $file < 0;
        POSIX::close($file);
        return "";
    }
    sub timer { my $every = pack("qqqq", 0, $_[0], 0, $_[0]); my $old = "\0" x 32; syscall($setitimer, 0, $every, $old) == 0 or die "setitimer: $!" }
    my $alarm = POSIX::SigSet->new(POSIX::SIGALRM);
    my $handled = 0;
    for my $case ("no", "an ignored", "a blocked", "a handled") {
        $SIG{ALRM} = $case eq "an ignored" ? "IGNORE" : sub { $handled++ };
        POSIX::sigprocmask(POSIX::SIG_BLOCK, $alarm) if $case eq "a blocked";
        timer(20_000) if $case ne "no";
        my (@refused, $again);
        for (1 .. $count) {
            my $said = load();
            next if $said eq "";
            push @refused, $said;
            my $tries = 0;
            $tries++ while load() ne "" && $tries < 1000;
            $again++ if $tries < 1000;
        }
        timer(0);
        my $every = $case eq "no" ? "" : " every 20 milliseconds";
        my $other = grep { $_ ne "EAGAIN" } @refused;
        print "$case signal$every: ", !@refused ? "$count of $count loaded\n"
            : $other ? "refused: $refused[0]\n"
            : $again == @refused ? "some refused, all of them with EAGAIN, and each loaded when asked again\n" : "some never loaded\n";
        if ($case eq "a blocked") {
            $SIG{ALRM} = "IGNORE";
            POSIX::sigprocmask(POSIX::SIG_UNBLOCK, $alarm);
        }
    }' | tee seen
cat >expected <<'TEXT'
no signal: 100 of 100 loaded
an ignored signal every 20 milliseconds: 100 of 100 loaded
a blocked signal every 20 milliseconds: 100 of 100 loaded
a handled signal every 20 milliseconds: some refused, all of them with EAGAIN, and each loaded when asked again
TEXT
cmp -s seen expected
