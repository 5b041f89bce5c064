#include "touchline/inference/openvino/inner_maps.h"

#include <algorithm>
#include <openvino/openvino.hpp>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/inference/openvino/runtime.h"

namespace touchline::inference {
namespace {

using Outputs = std::map<std::string, ov::Output<ov::Node>>;

std::shared_ptr<ov::Model> read_model(const std::string& file, const ov::Dimension& height,
                                      const ov::Dimension& width) {
  return guarded(base::ErrorCode::kBadInput, "read", file, [&] {
    auto model = openvino_core().read_model(file);
    model->reshape(ov::PartialShape{1, 3, height, width});
    return model;
  });
}

Outputs outputs_by_name(const ov::Model& model) {
  Outputs outputs;
  for (const auto& node : model.get_ops()) {
    for (const auto& output : node->outputs()) {
      for (const auto& name : output.get_names()) outputs.emplace(name, output);
    }
  }
  return outputs;
}

class OpenVinoInnerMaps final : public InnerMaps {
 public:
  OpenVinoInnerMaps(std::string file, const std::vector<std::string>& tensors, const ov::Dimension& height,
                    const ov::Dimension& width, int threads)
      : file_(std::move(file)) {
    const auto model = read_model(file_, height, width);
    const Outputs inside = outputs_by_name(*model);
    ov::ResultVector results;
    for (const auto& tensor : tensors) {
      const auto found = inside.find(tensor);
      if (found == inside.end()) {
        base::fail(base::ErrorCode::kUnsupported, "OpenVINO does not compute the map '{}' of {}", tensor, file_);
      }
      results.push_back(std::make_shared<ov::op::v0::Result>(found->second));
    }
    const auto watched = std::make_shared<ov::Model>(results, model->get_parameters());
    ov::AnyMap properties{ov::hint::inference_precision(ov::element::f32)};
    if (threads != 0) properties.insert(ov::inference_num_threads(threads));
    guarded(base::ErrorCode::kUnsupported, "compile", file_, [&] {
      compiled_ = openvino_core().compile_model(watched, "CPU", properties);
      request_ = compiled_.create_infer_request();
    });
  }

  void run(std::span<const float> picture, int width_px, int height_px) override {
    const ov::Shape shape{1, 3, static_cast<std::size_t>(height_px), static_cast<std::size_t>(width_px)};
    TOUCHLINE_REQUIRE(picture.size() == ov::shape_size(shape), "{} numbers are no picture of {}x{}", picture.size(),
                      width_px, height_px);
    guarded(base::ErrorCode::kInternal, "run", file_, [&] {
      ov::Tensor input(ov::element::f32, shape);
      std::copy(picture.begin(), picture.end(), input.data<float>());
      request_.set_input_tensor(input);
      request_.infer();
    });
  }

  std::span<const float> map(std::size_t index) override {
    const ov::Tensor tensor = request_.get_output_tensor(index);
    return {tensor.data<float>(), tensor.get_size()};
  }

  std::vector<std::size_t> shape(std::size_t index) override { return request_.get_output_tensor(index).get_shape(); }

 private:
  std::string file_;
  ov::CompiledModel compiled_;
  ov::InferRequest request_;  // after compiled_: ends before the model it runs
};

}  // namespace

std::map<std::string, std::vector<std::int64_t>> inner_shapes(const std::filesystem::path& model,
                                                              const std::vector<std::string>& tensors, int width_px,
                                                              int height_px) {
  const auto read = read_model(model.string(), height_px, width_px);
  const Outputs inside = outputs_by_name(*read);
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const auto& tensor : tensors) {
    const auto found = inside.find(tensor);
    if (found == inside.end() || found->second.get_partial_shape().is_dynamic()) continue;
    for (const std::size_t size : found->second.get_shape()) {
      shapes[tensor].push_back(static_cast<std::int64_t>(size));
    }
  }
  return shapes;
}

std::unique_ptr<InnerMaps> open_inner_maps(const std::filesystem::path& model, const std::vector<std::string>& tensors,
                                           int width_px, int height_px, int threads) {
  const auto side = [](int side_px) { return side_px == 0 ? ov::Dimension::dynamic() : ov::Dimension(side_px); };
  return std::make_unique<OpenVinoInnerMaps>(model.string(), tensors, side(height_px), side(width_px), threads);
}

}  // namespace touchline::inference
