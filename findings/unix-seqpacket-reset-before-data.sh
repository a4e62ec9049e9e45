#!/bin/sh
# A UNIX socket whose peer ends with a message unread: SOCK_SEQPACKET tells the reset first, SOCK_STREAM the data.
#
# Seen with Linux 6.18, asked by perl-base 5.36.0-7+deb12u3 of Debian 12.
# Two processes talk over socketpair(2). One sends its last message and ends, while a message that was sent to it still lies unread in its
# queue. The other then reads. That the connection was reset is to be expected; the order is not:
#   * with SOCK_STREAM the last message comes first, and ECONNRESET at the call after it;
#   * with SOCK_SEQPACKET (and so with message boundaries, which one chooses to be able to rely on them) the first call fails with ECONNRESET,
#     once, and the message comes with the next call: nothing was lost, but whoever stops reading at the error never sees it.
# Without an unread message both give the message and then the end. So whether a reader meets the error depends on how far the other side had
# read, that is, on the load of the machine. A program that takes ECONNRESET for the end of a SEQPACKET connection loses what its peer said last,
# which is mostly why it ended: it has to read once more.
#
# Output:
#   SEQPACKET, all read: "report" end end
#   SEQPACKET, one unread: ECONNRESET "report" end
#   STREAM, all read: "report" end end
#   STREAM, one unread: "report" ECONNRESET end
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
    use Socket;
    use Errno;
    for my $kind (["SEQPACKET", SOCK_SEQPACKET], ["STREAM", SOCK_STREAM]) {
        for my $unread (0, 1) {
            socketpair(my $here, my $there, AF_UNIX, $kind->[1], PF_UNSPEC) or die "socketpair: $!";
            syswrite($here, "question") if $unread;
            syswrite($there, "report");
            close $there;
            my @seen;
            for (1 .. 3) {
                my $count = sysread($here, my $text, 100);
                push @seen, defined $count ? ($count ? "\"$text\"" : "end") : $!{ECONNRESET} ? "ECONNRESET" : "$!";
            }
            print "$kind->[0], ", ($unread ? "one unread" : "all read"), ": @seen\n";
        }
    }' | tee seen
cat >expected <<'TEXT'
SEQPACKET, all read: "report" end end
SEQPACKET, one unread: ECONNRESET "report" end
STREAM, all read: "report" end end
STREAM, one unread: "report" ECONNRESET end
TEXT
cmp -s seen expected
