#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace touchline::inference {

/// One input or output of a compiled network.
struct TensorInfo {
  std::string name;
  std::vector<std::int64_t> shape;  ///< fixed; dimension 0 is N

  friend bool operator==(const TensorInfo&, const TensorInfo&) = default;
};

/// How a network is compiled for this machine.
struct SessionOptions {
  std::filesystem::path model{};  ///< ONNX file with one float NCHW input
  int width_px = 0;   ///< input width; 0 = the model's own. Range 0, 32..4096. A model of fixed size refuses another
  int height_px = 0;  ///< input height; 0 exactly when width_px is
  int threads = 0;    ///< CPU threads in all; 0 = every core this process may use. Range 0..256
  int streams = 0;    ///< pictures computed side by side; 0 = as many as slots, at most threads. Range 0..64
  int slots = 2;      ///< pictures that may be under way at once. Range 1..32
  bool force_fp32 = false;  ///< computes in FP32 where the CPU's own choice would be BF16

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// A compiled network with `slots()` independent requests, one picture each (N = 1), for pipelining.
///
/// A slot goes round: write input(slot), start(slot), wait(slot), read output(slot, i). Slots may be used from
/// different threads at once; one slot from one thread at a time. Memory of inputs and outputs belongs to the session
/// and stays where it is; nothing is allocated after construction.
class Session {
 public:
  virtual ~Session() = default;

  virtual int slots() const = 0;
  virtual const TensorInfo& input_info() const = 0;
  virtual const std::vector<TensorInfo>& output_infos() const = 0;
  /// What computes, for instance "OpenVINO 2026.4, BF16, 2 threads in 1 stream".
  virtual std::string description() const = 0;

  /// The slot's input, [1 × C × H × W] host floats. Not to be written between start() and wait().
  virtual std::span<float> input(int slot) = 0;

  /// Enqueues the network on the slot's input; does not block.
  virtual void start(int slot) = 0;

  /// Blocks until the slot's outputs are ready. Throws Error(kInternal) when the backend failed.
  virtual void wait(int slot) = 0;

  /// Output `index` (order of output_infos()) of the slot's last finished run, host floats without gaps.
  virtual std::span<const float> output(int slot, int index) = 0;
};

/// Compiles an ONNX file for this machine (CPU: OpenVINO).
/// Throws Error: kNotFound when there is no such file, kBadInput when it is no ONNX or is cut short, kUnsupported when
/// its input is not one float NCHW tensor, cannot have the size asked for, or an output's shape stays open.
std::unique_ptr<Session> open_session(const SessionOptions& options);

}  // namespace touchline::inference
