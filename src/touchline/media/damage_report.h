#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace touchline::media {

/// What of a source could not be read. All zero for a sound file.
struct DamageReport {
  std::int64_t packets_lost = 0;  ///< compressed frames (or picture files) that could not be read or decoded
  std::int64_t frames_lost = 0;   ///< decoded frames that were damaged, so they were skipped
  std::int64_t stretches = 0;     ///< runs of losses less than a second apart
  std::optional<double> first_s;  ///< presentation time of the first loss
  bool ended_early = false;       ///< the source broke off before its end
  std::string reason;             ///< why it broke off, in the words of the system

  bool any() const { return packets_lost > 0 || frames_lost > 0 || ended_early; }

  /// One sentence for the closing line, for instance
  /// "2 damaged stretches skipped (7 packets and 3 frames lost, first at 12.40 s)"; empty for a sound source.
  std::string sentence() const;
};

/// Counts losses and joins those that belong together. Not thread-safe.
class DamageCounter {
 public:
  /// time_s: presentation time of the loss, or of the last sound frame.
  void lose_packet(double time_s);
  void lose_frame(double time_s);
  void end_early(double time_s, const std::string& reason);
  const DamageReport& report() const { return report_; }

 private:
  void extend(double time_s);

  DamageReport report_;
  double last_s_ = 0;
};

}  // namespace touchline::media
