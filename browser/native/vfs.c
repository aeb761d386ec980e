/* SQLite's way to files inside a browser: the files of Pyodide's memory, which one program alone can see.
 *
 * SQLite's own Unix layer reads struct stat and times, whose layout differs between the Emscripten that compiles this
 * and the one that built Pyodide. Here every call passes plain numbers. Locks are not needed: one worker, one thread.
 * What is acknowledged is made to last by worker.js, which keeps the file's bytes before a page is answered.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include "sqlite3.h"

extern double emscripten_date_now(void);

typedef struct {
  sqlite3_file base;
  int fd;
  int vanishes;
  char name[512];
} File;

static int close_(sqlite3_file *f) {
  File *file = (File *)f;
  close(file->fd);
  if (file->vanishes) unlink(file->name);
  return SQLITE_OK;
}

static int read_(sqlite3_file *f, void *to, int count, sqlite3_int64 from) {
  int got = 0;
  while (got < count) {
    ssize_t n = pread(((File *)f)->fd, (char *)to + got, count - got, from + got);
    if (n < 0) return SQLITE_IOERR_READ;
    if (n == 0) break;
    got += n;
  }
  if (got == count) return SQLITE_OK;
  memset((char *)to + got, 0, count - got);
  return SQLITE_IOERR_SHORT_READ;
}

static int write_(sqlite3_file *f, const void *what, int count, sqlite3_int64 to) {
  int put = 0;
  while (put < count) {
    ssize_t n = pwrite(((File *)f)->fd, (const char *)what + put, count - put, to + put);
    if (n <= 0) return errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    put += n;
  }
  return SQLITE_OK;
}

static int truncate_(sqlite3_file *f, sqlite3_int64 size) {
  return ftruncate(((File *)f)->fd, size) ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int size_(sqlite3_file *f, sqlite3_int64 *size) {
  off_t end = lseek(((File *)f)->fd, 0, SEEK_END);
  if (end < 0) return SQLITE_IOERR_FSTAT;
  *size = end;
  return SQLITE_OK;
}

static int sync_(sqlite3_file *f, int flags) { return SQLITE_OK; }
static int lock_(sqlite3_file *f, int level) { return SQLITE_OK; }
static int reserved_(sqlite3_file *f, int *held) { *held = 0; return SQLITE_OK; }
static int control_(sqlite3_file *f, int what, void *with) { return SQLITE_NOTFOUND; }
static int sector_(sqlite3_file *f) { return 4096; }
static int traits_(sqlite3_file *f) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

static const sqlite3_io_methods METHODS = {1,     close_, read_, write_,    truncate_, sync_,   size_,
                                           lock_, lock_,  reserved_, control_, sector_,   traits_};

static int open_(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *given) {
  static int made = 0;
  File *file = (File *)f;
  memset(file, 0, sizeof *file);
  if (name == 0) sqlite3_snprintf(sizeof file->name, file->name, "/tmp/sqlite-%d", made++);
  else if (strlen(name) >= sizeof file->name) return SQLITE_CANTOPEN;
  else strcpy(file->name, name);
  int how = (flags & SQLITE_OPEN_READONLY) ? O_RDONLY : O_RDWR;
  if (flags & SQLITE_OPEN_CREATE) how |= O_CREAT;
  if (flags & SQLITE_OPEN_EXCLUSIVE) how |= O_EXCL;
  file->fd = open(file->name, how, 0600);
  if (file->fd < 0) return SQLITE_CANTOPEN;
  file->vanishes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0 || name == 0;
  file->base.pMethods = &METHODS;
  if (given) *given = flags;
  return SQLITE_OK;
}

static int delete_(sqlite3_vfs *vfs, const char *name, int sync) {
  if (unlink(name) == 0) return SQLITE_OK;
  return access(name, F_OK) ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
}

static int access_(sqlite3_vfs *vfs, const char *name, int flags, int *found) {
  *found = access(name, flags == SQLITE_ACCESS_READWRITE ? R_OK | W_OK : F_OK) == 0;
  if (*found && flags == SQLITE_ACCESS_EXISTS) { /* an empty file counts as none, as in SQLite's own layer */
    int fd = open(name, O_RDONLY);
    if (fd >= 0) {
      *found = lseek(fd, 0, SEEK_END) > 0;
      close(fd);
    }
  }
  return SQLITE_OK;
}

static int full_(sqlite3_vfs *vfs, const char *name, int size, char *out) {
  if (name[0] == '/') {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }
  char here[512];
  if (getcwd(here, sizeof here) == 0) return SQLITE_CANTOPEN;
  sqlite3_snprintf(size, out, "%s/%s", here, name);
  return SQLITE_OK;
}

static int random_(sqlite3_vfs *vfs, int count, char *out) {
  int fd = open("/dev/urandom", O_RDONLY), got = 0;
  while (fd >= 0 && got < count) {
    ssize_t n = read(fd, out + got, count - got);
    if (n <= 0) break;
    got += n;
  }
  if (fd >= 0) close(fd);
  return got;
}

static int sleep_(sqlite3_vfs *vfs, int microseconds) { return 0; }
static int error_(sqlite3_vfs *vfs, int size, char *out) { return errno; }

static int milliseconds_(sqlite3_vfs *vfs, sqlite3_int64 *out) {
  *out = (sqlite3_int64)emscripten_date_now() + 210866760000000LL; /* of the Julian day */
  return SQLITE_OK;
}

static int days_(sqlite3_vfs *vfs, double *out) {
  *out = emscripten_date_now() / 86400000.0 + 2440587.5;
  return SQLITE_OK;
}

static sqlite3_vfs VFS = {
    .iVersion = 2,
    .szOsFile = sizeof(File),
    .mxPathname = 511,
    .zName = "memory-files",
    .xOpen = open_,
    .xDelete = delete_,
    .xAccess = access_,
    .xFullPathname = full_,
    .xRandomness = random_,
    .xSleep = sleep_,
    .xCurrentTime = days_,
    .xGetLastError = error_,
    .xCurrentTimeInt64 = milliseconds_,
};

int sqlite3_os_init(void) { return sqlite3_vfs_register(&VFS, 1); }
int sqlite3_os_end(void) { return SQLITE_OK; }
