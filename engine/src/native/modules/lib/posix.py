"""An operating system without files, processes and environment: what `os` and `posixpath` build on."""

_have_functions = []
environ = {}
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0, 1, 2, 64, 128, 512, 1024
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
error = OSError
_exists = ()


class stat_result(tuple):
    """What `stat` would give."""


class terminal_size(tuple):
    columns = property(lambda self: self[0])
    lines = property(lambda self: self[1])


class DirEntry:
    """What `scandir` would give."""


def _missing(path):
    raise FileNotFoundError(2, "No such file or directory", path)


def stat(path, *, dir_fd=None, follow_symlinks=True):
    _missing(path)


lstat = stat


def open(path, flags, mode=0o777, *, dir_fd=None):
    _missing(path)


def listdir(path=None):
    _missing(path)


def scandir(path=None):
    _missing(path)


def readlink(path, *, dir_fd=None):
    _missing(path)


def unlink(path, *, dir_fd=None):
    _missing(path)


remove = rmdir = chdir = unlink


def mkdir(path, mode=0o777, *, dir_fd=None):
    raise PermissionError(1, "Operation not permitted", path)


def access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True):
    return False


def getcwd():
    return "/"


def getcwdb():
    return b"/"


def getpid():
    return 1


def getuid():
    return 0


geteuid = getgid = getegid = getuid


def getppid():
    return 0


def cpu_count():
    return 1


def get_terminal_size(fd=1):
    raise OSError(25, "Inappropriate ioctl for device")


def isatty(fd):
    return False


def strerror(code):
    return "Unknown error %d" % code


def putenv(name, value):
    pass


def unsetenv(name):
    pass


def fspath(path):
    """The text of a path."""
    if isinstance(path, (str, bytes)):
        return path
    try:
        found = type(path).__fspath__(path)
    except AttributeError:
        raise TypeError("expected str, bytes or os.PathLike object, not " + type(path).__name__) from None
    if not isinstance(found, (str, bytes)):
        raise TypeError("expected %s.__fspath__() to return str or bytes, not %s" % (
            type(path).__name__, type(found).__name__))
    return found


def _exit(status):
    raise SystemExit(status)
