#include "touchline/inference/openvino/openvino_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <openvino/openvino.hpp>
#include <optional>
#include <thread>

#include "touchline/base/error.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/openvino/runtime.h"

namespace touchline::inference {
namespace {

void check_input(const OnnxHeader& header, const SessionOptions& options) {
  const std::string file = options.model.string();
  if (header.inputs.size() != 1) {
    base::fail(base::ErrorCode::kUnsupported, "{} has {} inputs, and touchline's networks have one picture as input",
               file, header.inputs.size());
  }
  const auto& input = header.inputs[0];
  if (input.shape.size() != 4 || (input.shape[1] != 3 && input.shape[1] != -1)) {
    base::fail(base::ErrorCode::kUnsupported, "the input '{}' of {} is no picture of the form [N,3,H,W]", input.name,
               file);
  }
  const auto fits = [](std::int64_t declared, int wanted) { return declared == -1 || declared == wanted; };
  if (options.width_px != 0 && !(fits(input.shape[2], options.height_px) && fits(input.shape[3], options.width_px))) {
    base::fail(base::ErrorCode::kUnsupported, "{} takes pictures of {}x{} only, not {}x{}: leave --size out", file,
               input.shape[3], input.shape[2], options.width_px, options.height_px);
  }
  if (options.width_px == 0 && (input.shape[2] == -1 || input.shape[3] == -1)) {
    base::fail(base::ErrorCode::kUnsupported, "{} takes pictures of any size: say which with --size", file);
  }
}

std::shared_ptr<ov::Model> read_fixed_model(const SessionOptions& options, const OnnxHeader& header) {
  const std::string file = options.model.string();
  return guarded(base::ErrorCode::kBadInput, "read", file, [&] {
    auto model = openvino_core().read_model(file);
    const auto& declared = header.inputs[0].shape;
    const std::int64_t height = options.height_px != 0 ? options.height_px : declared[2];
    const std::int64_t width = options.width_px != 0 ? options.width_px : declared[3];
    model->reshape(ov::PartialShape{1, 3, height, width});
    ov::preprocess::PrePostProcessor floats(model);
    floats.input().tensor().set_element_type(ov::element::f32);
    for (std::size_t i = 0; i < model->outputs().size(); ++i) {
      floats.output(i).tensor().set_element_type(ov::element::f32);
    }
    return floats.build();
  });
}

TensorInfo info_of(const ov::Output<const ov::Node>& port, const std::string& file) {
  TensorInfo info;
  info.name = port.get_names().empty() ? "?" : port.get_any_name();
  if (port.get_partial_shape().is_dynamic()) {
    base::fail(base::ErrorCode::kUnsupported,
               "the output '{}' of {} has no fixed shape: export the model without non-maximum suppression", info.name,
               file);
  }
  for (const std::size_t size : port.get_shape()) info.shape.push_back(static_cast<std::int64_t>(size));
  return info;
}

std::span<float> floats_of(ov::Tensor tensor) {
  return {tensor.data<float>(), tensor.get_size()};
}

int usable_cores() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Note [Streams]: a stream is one picture computed by its share of the threads. One stream with all threads answers
// soonest, but its threads meet after every layer: when the decoder or the encoder takes a core for a while, all wait.
// Streams of their own do not wait for each other. Two cores shared with other work, FP32, three pictures under way,
// interleaved in one run, best (median) ms a picture: two streams of one thread 47 (57) at 384 × 640 and 171 (186) at
// 736 × 1280; one stream of two threads 82 (105) and 199 (211); the same pinned to cores 75 (114) and 199 (214). So
// there are as many streams as slots, at most one a thread: whoever keeps one picture under way (a live source) gets
// the soonest answer, whoever keeps several gets the most pictures. Threads are never pinned.
class OpenVinoSession final : public Session {
 public:
  explicit OpenVinoSession(const SessionOptions& options) : file_(options.model.string()) {
    options.check();
    const OnnxHeader header = read_onnx_header(options.model);
    check_input(header, options);
    const int threads = options.threads != 0 ? options.threads : usable_cores();
    const int streams = options.streams != 0 ? options.streams : std::min(options.slots, threads);
    ov::AnyMap properties{ov::inference_num_threads(threads), ov::num_streams(streams),
                          ov::hint::enable_cpu_pinning(false)};
    if (options.force_fp32) properties.insert(ov::hint::inference_precision(ov::element::f32));
    const auto model = read_fixed_model(options, header);
    compiled_ = guarded(base::ErrorCode::kUnsupported, "compile", file_,
                        [&] { return openvino_core().compile_model(model, "CPU", properties); });
    input_info_ = info_of(compiled_.input(), file_);
    for (const auto& output : compiled_.outputs()) output_infos_.push_back(info_of(output, file_));
    describe(threads, streams);
    for (int slot = 0; slot < options.slots; ++slot) requests_.push_back(compiled_.create_infer_request());
  }

  int slots() const override { return static_cast<int>(requests_.size()); }
  const TensorInfo& input_info() const override { return input_info_; }
  const std::vector<TensorInfo>& output_infos() const override { return output_infos_; }
  std::string description() const override { return description_; }

  std::span<float> input(int slot) override { return floats_of(request(slot).get_input_tensor()); }

  void start(int slot) override {
    guarded(base::ErrorCode::kInternal, "run", file_, [&] { request(slot).start_async(); });
  }

  void wait(int slot) override {
    guarded(base::ErrorCode::kInternal, "run", file_, [&] { request(slot).wait(); });
  }

  std::span<const float> output(int slot, int index) override {
    TOUCHLINE_REQUIRE(index >= 0 && index < static_cast<int>(output_infos_.size()), "the network has no output {}",
                      index);
    return floats_of(request(slot).get_output_tensor(static_cast<std::size_t>(index)));
  }

 private:
  ov::InferRequest& request(int slot) {
    TOUCHLINE_REQUIRE(slot >= 0 && slot < slots(), "the session has no slot {}", slot);
    return requests_[static_cast<std::size_t>(slot)];
  }

  void describe(int threads, int streams) {
    const auto version = ov::get_openvino_version();
    std::string number = version.buildNumber;
    number = number.substr(0, number.find('-'));
    const auto precision = compiled_.get_property(ov::hint::inference_precision).get_type_name();
    description_ = fmt::format("OpenVINO {}, {}, {} threads in {} streams", number, precision, threads, streams);
  }

  std::string file_;
  std::string description_;
  TensorInfo input_info_;
  std::vector<TensorInfo> output_infos_;
  ov::CompiledModel compiled_;
  std::vector<ov::InferRequest> requests_;  // after compiled_: requests end before the model they run
};

}  // namespace

std::unique_ptr<Session> open_openvino_session(const SessionOptions& options) {
  return std::make_unique<OpenVinoSession>(options);
}

}  // namespace touchline::inference
