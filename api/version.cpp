#include <evotts/version.hpp>

namespace evotts {

Version library_version() { return kHeaderVersion; }

}  // namespace evotts
