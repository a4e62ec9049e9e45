namespace Hull.Linux;

/// <summary>The kernel's error numbers, with their own names. errno(3), include/uapi/asm-generic/errno.h</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>operation not permitted</summary>
    EPERM = 1,
    /// <summary>no such file or directory</summary>
    ENOENT = 2,
    /// <summary>no such process</summary>
    ESRCH = 3,
    /// <summary>interrupted system call</summary>
    EINTR = 4,
    /// <summary>input/output error</summary>
    EIO = 5,
    /// <summary>no such device or address</summary>
    ENXIO = 6,
    /// <summary>argument list too long</summary>
    E2BIG = 7,
    /// <summary>exec format error</summary>
    ENOEXEC = 8,
    /// <summary>bad file descriptor</summary>
    EBADF = 9,
    /// <summary>no child processes</summary>
    ECHILD = 10,
    /// <summary>resource temporarily unavailable</summary>
    EAGAIN = 11,
    /// <summary>cannot allocate memory</summary>
    ENOMEM = 12,
    /// <summary>permission denied</summary>
    EACCES = 13,
    /// <summary>bad address</summary>
    EFAULT = 14,
    /// <summary>block device required</summary>
    ENOTBLK = 15,
    /// <summary>device or resource busy</summary>
    EBUSY = 16,
    /// <summary>file exists</summary>
    EEXIST = 17,
    /// <summary>invalid cross-device link</summary>
    EXDEV = 18,
    /// <summary>no such device</summary>
    ENODEV = 19,
    /// <summary>not a directory</summary>
    ENOTDIR = 20,
    /// <summary>is a directory</summary>
    EISDIR = 21,
    /// <summary>invalid argument</summary>
    EINVAL = 22,
    /// <summary>too many open files in system</summary>
    ENFILE = 23,
    /// <summary>too many open files</summary>
    EMFILE = 24,
    /// <summary>inappropriate ioctl for device</summary>
    ENOTTY = 25,
    /// <summary>text file busy</summary>
    ETXTBSY = 26,
    /// <summary>file too large</summary>
    EFBIG = 27,
    /// <summary>no space left on device</summary>
    ENOSPC = 28,
    /// <summary>illegal seek</summary>
    ESPIPE = 29,
    /// <summary>read-only file system</summary>
    EROFS = 30,
    /// <summary>too many links</summary>
    EMLINK = 31,
    /// <summary>broken pipe</summary>
    EPIPE = 32,
    /// <summary>numerical argument out of domain</summary>
    EDOM = 33,
    /// <summary>numerical result out of range</summary>
    ERANGE = 34,
    /// <summary>resource deadlock avoided</summary>
    EDEADLK = 35,
    /// <summary>file name too long</summary>
    ENAMETOOLONG = 36,
    /// <summary>no locks available</summary>
    ENOLCK = 37,
    /// <summary>function not implemented</summary>
    ENOSYS = 38,
    /// <summary>directory not empty</summary>
    ENOTEMPTY = 39,
    /// <summary>too many levels of symbolic links</summary>
    ELOOP = 40,
    /// <summary>no message of desired type</summary>
    ENOMSG = 42,
    /// <summary>identifier removed</summary>
    EIDRM = 43,
    /// <summary>channel number out of range</summary>
    ECHRNG = 44,
    /// <summary>level 2 not synchronized</summary>
    EL2NSYNC = 45,
    /// <summary>level 3 halted</summary>
    EL3HLT = 46,
    /// <summary>level 3 reset</summary>
    EL3RST = 47,
    /// <summary>link number out of range</summary>
    ELNRNG = 48,
    /// <summary>protocol driver not attached</summary>
    EUNATCH = 49,
    /// <summary>no CSI structure available</summary>
    ENOCSI = 50,
    /// <summary>level 2 halted</summary>
    EL2HLT = 51,
    /// <summary>invalid exchange</summary>
    EBADE = 52,
    /// <summary>invalid request descriptor</summary>
    EBADR = 53,
    /// <summary>exchange full</summary>
    EXFULL = 54,
    /// <summary>no anode</summary>
    ENOANO = 55,
    /// <summary>invalid request code</summary>
    EBADRQC = 56,
    /// <summary>invalid slot</summary>
    EBADSLT = 57,
    /// <summary>bad font file format</summary>
    EBFONT = 59,
    /// <summary>device not a stream</summary>
    ENOSTR = 60,
    /// <summary>no data available</summary>
    ENODATA = 61,
    /// <summary>timer expired</summary>
    ETIME = 62,
    /// <summary>out of streams resources</summary>
    ENOSR = 63,
    /// <summary>machine is not on the network</summary>
    ENONET = 64,
    /// <summary>package not installed</summary>
    ENOPKG = 65,
    /// <summary>object is remote</summary>
    EREMOTE = 66,
    /// <summary>link has been severed</summary>
    ENOLINK = 67,
    /// <summary>advertise error</summary>
    EADV = 68,
    /// <summary>srmount error</summary>
    ESRMNT = 69,
    /// <summary>communication error on send</summary>
    ECOMM = 70,
    /// <summary>protocol error</summary>
    EPROTO = 71,
    /// <summary>multihop attempted</summary>
    EMULTIHOP = 72,
    /// <summary>RFS specific error</summary>
    EDOTDOT = 73,
    /// <summary>bad message</summary>
    EBADMSG = 74,
    /// <summary>value too large for defined data type</summary>
    EOVERFLOW = 75,
    /// <summary>name not unique on network</summary>
    ENOTUNIQ = 76,
    /// <summary>file descriptor in bad state</summary>
    EBADFD = 77,
    /// <summary>remote address changed</summary>
    EREMCHG = 78,
    /// <summary>can not access a needed shared library</summary>
    ELIBACC = 79,
    /// <summary>accessing a corrupted shared library</summary>
    ELIBBAD = 80,
    /// <summary>.lib section in a.out corrupted</summary>
    ELIBSCN = 81,
    /// <summary>attempting to link in too many shared libraries</summary>
    ELIBMAX = 82,
    /// <summary>cannot exec a shared library directly</summary>
    ELIBEXEC = 83,
    /// <summary>invalid or incomplete multibyte or wide character</summary>
    EILSEQ = 84,
    /// <summary>interrupted system call should be restarted</summary>
    ERESTART = 85,
    /// <summary>streams pipe error</summary>
    ESTRPIPE = 86,
    /// <summary>too many users</summary>
    EUSERS = 87,
    /// <summary>socket operation on non-socket</summary>
    ENOTSOCK = 88,
    /// <summary>destination address required</summary>
    EDESTADDRREQ = 89,
    /// <summary>message too long</summary>
    EMSGSIZE = 90,
    /// <summary>protocol wrong type for socket</summary>
    EPROTOTYPE = 91,
    /// <summary>protocol not available</summary>
    ENOPROTOOPT = 92,
    /// <summary>protocol not supported</summary>
    EPROTONOSUPPORT = 93,
    /// <summary>socket type not supported</summary>
    ESOCKTNOSUPPORT = 94,
    /// <summary>operation not supported</summary>
    EOPNOTSUPP = 95,
    /// <summary>protocol family not supported</summary>
    EPFNOSUPPORT = 96,
    /// <summary>address family not supported by protocol</summary>
    EAFNOSUPPORT = 97,
    /// <summary>address already in use</summary>
    EADDRINUSE = 98,
    /// <summary>cannot assign requested address</summary>
    EADDRNOTAVAIL = 99,
    /// <summary>network is down</summary>
    ENETDOWN = 100,
    /// <summary>network is unreachable</summary>
    ENETUNREACH = 101,
    /// <summary>network dropped connection on reset</summary>
    ENETRESET = 102,
    /// <summary>software caused connection abort</summary>
    ECONNABORTED = 103,
    /// <summary>connection reset by peer</summary>
    ECONNRESET = 104,
    /// <summary>no buffer space available</summary>
    ENOBUFS = 105,
    /// <summary>transport endpoint is already connected</summary>
    EISCONN = 106,
    /// <summary>transport endpoint is not connected</summary>
    ENOTCONN = 107,
    /// <summary>cannot send after transport endpoint shutdown</summary>
    ESHUTDOWN = 108,
    /// <summary>too many references: cannot splice</summary>
    ETOOMANYREFS = 109,
    /// <summary>connection timed out</summary>
    ETIMEDOUT = 110,
    /// <summary>connection refused</summary>
    ECONNREFUSED = 111,
    /// <summary>host is down</summary>
    EHOSTDOWN = 112,
    /// <summary>no route to host</summary>
    EHOSTUNREACH = 113,
    /// <summary>operation already in progress</summary>
    EALREADY = 114,
    /// <summary>operation now in progress</summary>
    EINPROGRESS = 115,
    /// <summary>stale file handle</summary>
    ESTALE = 116,
    /// <summary>structure needs cleaning</summary>
    EUCLEAN = 117,
    /// <summary>not a XENIX named type file</summary>
    ENOTNAM = 118,
    /// <summary>no XENIX semaphores available</summary>
    ENAVAIL = 119,
    /// <summary>is a named type file</summary>
    EISNAM = 120,
    /// <summary>remote I/O error</summary>
    EREMOTEIO = 121,
    /// <summary>disk quota exceeded</summary>
    EDQUOT = 122,
    /// <summary>no medium found</summary>
    ENOMEDIUM = 123,
    /// <summary>wrong medium type</summary>
    EMEDIUMTYPE = 124,
    /// <summary>operation canceled</summary>
    ECANCELED = 125,
    /// <summary>required key not available</summary>
    ENOKEY = 126,
    /// <summary>key has expired</summary>
    EKEYEXPIRED = 127,
    /// <summary>key has been revoked</summary>
    EKEYREVOKED = 128,
    /// <summary>key was rejected by service</summary>
    EKEYREJECTED = 129,
    /// <summary>owner died</summary>
    EOWNERDEAD = 130,
    /// <summary>state not recoverable</summary>
    ENOTRECOVERABLE = 131,
    /// <summary>operation not possible due to RF-kill</summary>
    ERFKILL = 132,
    /// <summary>memory page has hardware error</summary>
    EHWPOISON = 133,
}
