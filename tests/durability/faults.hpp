// faults.hpp: the calls by which a process changes files, one of which can be made to go wrong.
// Why:      "a crash at any instant loses nothing" is proved by crashing at every instant. Libraries write as
//           well as our code does, so the calls themselves are replaced: by linking this library into a test,
//           or by LD_PRELOAD into the program.
// Use:      faults::arm({.root = run, .at = 17, .kind = faults::Kind::kKill});   // the 17th call below run
//           EVOTTS_FAULTS="17 kill /tmp/run" LD_PRELOAD=libfaults.so evotts resume /tmp/run
//           faults::calls()                                                       // counted since arm()
// Counted:  creating and truncating files, write, pwrite, ftruncate, fsync, fdatasync, rename, unlink,
//           remove, rmdir, mkdir, link, and mapping a file to write to it; when they concern a path below the
//           root.
// Power:    what was not synced is lost when power is cut: the content of written files (they become empty),
//           and with kPowerNames also renames whose folder was not synced (the replaced file comes back).
// Threads:  one thread of the process under test changes files at a time.
#pragma once

#include <string>

namespace faults {

enum class Kind {
  kCount,       // nothing goes wrong
  kKill,        // the process dies before the call
  kShort,       // it writes half, or makes the call, and dies
  kPower,       // power is cut before the call
  kPowerNames,  // likewise, and names that were not synced are lost as well
  kFull,        // this call and all that would need space fail: ENOSPC
  kBroken,      // this call alone fails: EIO
  kReadOnly,    // this call and all later ones fail: EROFS
  kHalf,        // a write takes half of the bytes and says so, which is no failure
};

struct Plan {
  std::string root;
  int at = 0;  // the first call is 1; 0: none
  Kind kind = Kind::kCount;
};

void arm(const Plan& plan);
void disarm();

// One letter for each call counted since arm(): w a write (by mapping, too), s a sync, n a name changed or
// removed, c anything made.
std::string calls();

// Power is cut now; the process dies.
[[noreturn]] void cut_power(Kind kind);

}  // namespace faults
