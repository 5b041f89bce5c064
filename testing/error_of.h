#pragma once

#include <functional>
#include <string>

#include "touchline/base/error.h"

namespace touchline::tests {

/// The message of the Error that `action` throws; "no error" when it does not.
inline std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace touchline::tests
