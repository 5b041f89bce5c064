#include "touchline/base/error.h"

#include <system_error>

namespace touchline::base {

std::string system_error_text(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace touchline::base
