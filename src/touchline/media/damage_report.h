#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace touchline::media {

/// What of a source could not be read. All zero for a sound file.
struct DamageReport {
  std::int64_t packets_lost = 0;  ///< compressed frames (or picture files) that could not be read or decoded
  std::int64_t frames_lost = 0;   ///< pictures skipped as damaged or missing around damage, by the gap in time
  std::int64_t stretches = 0;     ///< runs of losses less than a second apart
  std::optional<double> first_s;  ///< presentation time of the first loss
  bool ended_early = false;       ///< the source broke off before its end
  std::string reason;             ///< why it broke off, in the words of the system

  bool any() const { return packets_lost > 0 || frames_lost > 0 || ended_early; }

  /// One sentence for the closing line, for instance
  /// "2 damaged stretches skipped (3 packets and 7 frames lost, first at 12.40 s)"; empty for a sound source.
  std::string sentence() const;
};

/// Counts losses and joins those that belong together. Not thread-safe.
///
/// Containers often step over a damaged stretch without a word about how much it held. So a gap in presentation time
/// counts as lost frames, but only near a sign of damage: sources of variable frame rate have gaps by nature.
class DamageCounter {
 public:
  /// frame_rate: nominal frames per second, > 0.
  explicit DamageCounter(double frame_rate);

  /// time_s everywhere: presentation time of the loss where it is known, else of the last good frame.
  void lose_packet(double time_s);  ///< a packet could not be read or decoded
  void lose_frame(double time_s);   ///< a decoded frame was skipped
  void suspect(double time_s);      ///< something was wrong that may or may not have cost frames
  void end_early(double time_s, const std::string& reason);

  /// A frame was delivered. Closes the gap since the one before.
  void deliver(double time_s);
  /// The source has ended: what was lost after the last good frame is counted.
  void finish();

  const DamageReport& report() const { return report_; }

 private:
  void extend(double time_s);

  double frame_rate_;
  DamageReport report_;
  std::int64_t pending_frames_ = 0;  // skipped since the last delivered frame
  std::optional<double> suspect_s_;
  std::optional<double> delivered_s_;
  double last_loss_s_ = 0;
};

}  // namespace touchline::media
