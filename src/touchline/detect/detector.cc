#include "touchline/detect/detector.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "touchline/base/error.h"
#include "touchline/detect/foreign_heads.h"
#include "touchline/detect/fused_head.h"
#include "touchline/detect/half_size.h"
#include "touchline/image/letterbox.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/session.h"

namespace touchline::detect {
namespace {

constexpr float kPersonScore = 0.25F;
constexpr float kBallScore = 0.1F;
constexpr float kPointScore = 0.3F;

void require_score(const char* what, const std::optional<float>& score) {
  TOUCHLINE_REQUIRE(!score || (*score > 0 && *score < 1), "the least score of {} must lie inside (0, 1), not {}", what,
                    *score);
}

/// One network, its slots' letterboxes, and how to read its outputs.
struct Runner {
  inference::Manifest manifest;
  NetworkDescription network;
  NetworkSize size;
  bool takes_any_size = false;
  std::unique_ptr<inference::Session> session;
  std::vector<image::Letterbox> letterboxes;
  std::vector<PictureInNetwork> pictures;

  Runner(const std::string& model, Purpose purpose, const DetectorOptions& options)
      : manifest(inference::find_model(model)) {
    const auto header = inference::read_onnx_header(manifest.file);
    takes_any_size = detect::takes_any_size(header);
    session = inference::open_session(session_options(options));
    const auto& input = session->input_info();
    size = {static_cast<int>(input.shape[3]), static_cast<int>(input.shape[2])};
    network = describe_network(manifest, header, input, session->output_infos(), purpose);
    for (int slot = 0; slot < session->slots(); ++slot) {
      letterboxes.emplace_back(size.width_px, size.height_px, network.format);
    }
    pictures.resize(letterboxes.size());
  }

  inference::SessionOptions session_options(const DetectorOptions& options) const {
    inference::SessionOptions session_options;
    session_options.model = manifest.file;
    session_options.threads = options.threads;
    session_options.slots = options.slots;
    session_options.force_fp32 = options.force_fp32;
    if (takes_any_size || options.size != "auto") {
      const int cores = options.threads != 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
      const bool has_source = options.source_width_px != 0;
      const NetworkSize chosen = network_size(options.size, has_source ? options.source_width_px : 16,
                                              has_source ? options.source_height_px : 9, cores);
      session_options.width_px = chosen.width_px;
      session_options.height_px = chosen.height_px;
    }
    return session_options;
  }

  void start(int slot, const image::Frame& frame) {
    const auto i = static_cast<std::size_t>(slot);
    pictures[i] = {frame.width(), frame.height(), letterboxes[i].write(session->input(slot), frame.picture)};
    session->start(slot);
  }

  /// Looks at what lies in the input of `whole`, at half the size, and waits for it.
  void look_at_half_of(Runner& whole, int slot) {
    const auto i = static_cast<std::size_t>(slot);
    const auto channels = static_cast<int>(session->input_info().shape[1]);
    halve(session->input(slot), whole.session->input(slot), whole.size, channels);
    pictures[i] = whole.pictures[i];
    pictures[i].placement.scale_x /= 2;
    pictures[i].placement.scale_y /= 2;
    session->start(slot);
    session->wait(slot);
  }

  std::span<const float> output(int slot, const char* name) {
    const auto& infos = session->output_infos();
    const auto found = std::ranges::find(infos, name, &inference::TensorInfo::name);
    TOUCHLINE_REQUIRE(found != infos.end(), "the network has no output '{}'", name);
    return session->output(slot, static_cast<int>(found - infos.begin()));
  }

  void decode_boxes(std::vector<RawBox>& boxes, int slot, float min_score) {
    const auto classes = static_cast<int>(network.roles.size());
    switch (network.layout) {
      case Layout::kFused:
        return decode_fused_boxes(boxes, output(slot, "det"), size.width_px, size.height_px, min_score);
      case Layout::kYoloV5:
        return decode_yolov5(boxes, session->output(slot, 0), classes, min_score);
      case Layout::kYoloV8:
        return decode_yolov8(boxes, session->output(slot, 0), classes, min_score);
      case Layout::kYolo26:
        return decode_yolo26(boxes, session->output(slot, 0), classes, min_score);
      case Layout::kYoloX:
        return decode_yolox(boxes, session->output(slot, 0), size.width_px, size.height_px, classes, min_score);
      case Layout::kPitchPose:
        boxes.clear();
    }
  }

  bool has_points() const { return network.layout == Layout::kFused || network.layout == Layout::kPitchPose; }

  match::SeenPoints points(int slot, float min_score, const PointOptions& options) {
    match::SeenPoints points{};
    if (network.layout == Layout::kFused) {
      decode_fused_points(points, output(slot, "kp"), size.width_px, size.height_px, min_score);
    } else if (network.layout == Layout::kPitchPose) {
      decode_pitch_pose(points, session->output(slot, 0), min_score);
    }
    // What a sure score is, a foreign model's training decides.
    const PointOptions rule = network.layout == Layout::kFused ? options : PointOptions{.min_sure = 0};
    return points_of(points, rule, pictures[static_cast<std::size_t>(slot)]);
  }
};

/// A network at half the size, opened when it is first wanted.
class SecondLook {
 public:
  SecondLook(const DetectorOptions& options, NetworkSize size) : options_(options) {
    options_.size = fmt::format("{}x{}", size.width_px, size.height_px);
  }

  /// The network, when it has looked at what `whole` has looked at.
  Runner& look(int slot, Runner& whole) {
    std::call_once(opened_, [this] { half_.emplace(options_.model, options_.purpose, options_); });
    half_->look_at_half_of(whole, slot);
    return *half_;
  }

 private:
  DetectorOptions options_;
  std::once_flag opened_;
  std::optional<Runner> half_;
};

}  // namespace

void DetectorOptions::check() const {
  TOUCHLINE_REQUIRE(!model.empty(), "a detector needs a model");
  TOUCHLINE_REQUIRE((source_width_px == 0) == (source_height_px == 0) && source_width_px >= 0 &&
                        source_height_px >= 0 && source_width_px <= 32768 && source_height_px <= 32768,
                    "a source of {}x{} pixels is outside 1..32768", source_width_px, source_height_px);
  require_score("a person", person_score);
  require_score("a ball", ball_score);
  require_score("a pitch point", point_score);
  nms.check();
  ball.check();
  points.check();
}

struct Detector::State {
  DetectorOptions options;
  Runner main;
  std::optional<Runner> pitch;
  std::optional<SecondLook> second_look;
  DetectorInfo info;
  float person_score;
  float ball_score;
  float point_score;

  explicit State(const DetectorOptions& chosen) : options(chosen), main(chosen.model, chosen.purpose, chosen) {
    DetectorOptions pitch_options = chosen;
    if (!chosen.pitch_model.empty()) {
      if (chosen.size != "auto") pitch_options.size = "auto";
      pitch.emplace(chosen.pitch_model, Purpose::kPitchPoints, pitch_options);
    }
    if (main.network.layout != Layout::kFused) options.ball.size_spread = 0;
    const auto& own = main.manifest;
    const auto& of_points = pitch ? pitch->manifest : own;
    person_score = chosen.person_score.value_or(own.person_score.value_or(kPersonScore));
    ball_score = chosen.ball_score.value_or(own.ball_score.value_or(kBallScore));
    point_score = chosen.point_score.value_or(of_points.point_score.value_or(kPointScore));
    info = {own.name,
            own.file.string(),
            main.network.layout,
            main.size,
            main.network.class_names,
            main.session->description(),
            pitch ? pitch->manifest.file.string() : std::string(),
            pitch || main.has_points()};
    const bool large = std::max(main.size.width_px, main.size.height_px) >= kLeastHalvedPx;
    if (main.network.layout == Layout::kFused && main.takes_any_size && large && !pitch) {
      second_look.emplace(chosen, half_size_of(main.size));
    }
  }

  match::SeenPoints points(int slot) {
    if (pitch) return pitch->points(slot, point_score, options.points);
    const auto whole = main.points(slot, point_score, options.points);
    if (!second_look) return whole;
    const int sure = sure_points(whole, options.points);
    if (sure < options.points.min_sure || sure >= options.points.few_sure) return whole;
    const auto again = second_look->look(slot, main).points(slot, point_score, options.points);
    return sure_points(again, options.points) > sure ? again : whole;
  }
};

Detector::Detector(std::unique_ptr<State> state) : state_(std::move(state)) {}
Detector::~Detector() = default;

std::unique_ptr<Detector> Detector::open(const DetectorOptions& options) {
  options.check();
  return std::unique_ptr<Detector>(new Detector(std::make_unique<State>(options)));
}

const DetectorInfo& Detector::info() const {
  return state_->info;
}

int Detector::slots() const {
  return state_->main.session->slots();
}

void Detector::start(int slot, const image::Frame& frame) {
  TOUCHLINE_REQUIRE(slot >= 0 && slot < slots(), "the detector has no slot {}", slot);
  state_->main.start(slot, frame);
  if (state_->pitch) state_->pitch->start(slot, frame);
}

match::FrameDetections Detector::wait(int slot) {
  TOUCHLINE_REQUIRE(slot >= 0 && slot < slots(), "the detector has no slot {}", slot);
  State& s = *state_;
  s.main.session->wait(slot);
  const PictureInNetwork& picture = s.main.pictures[static_cast<std::size_t>(slot)];
  std::vector<RawBox> boxes;
  std::vector<BallPeak> peaks;
  const float least_person = std::min(s.person_score, kLeastLook);
  s.main.decode_boxes(boxes, slot, std::min(least_person, s.ball_score));
  if (s.main.network.layout == Layout::kFused) {
    decode_fused_balls(peaks, s.main.output(slot, "ball"), s.main.size.width_px, s.main.size.height_px, s.ball_score,
                       static_cast<int>(match::kMaxBallCandidates));
  }
  const auto& roles = s.main.network.roles;
  std::erase_if(boxes, [&](const RawBox& raw) {
    const bool is_ball = roles[static_cast<std::size_t>(raw.class_index)] == Role::kBall;
    return raw.score < (is_ball ? s.ball_score : least_person);
  });
  match::FrameDetections found;
  found.people = people_of(boxes, roles, s.options.nms, s.person_score, picture);
  found.balls = balls_of(peaks, boxes, roles, found.people, s.options.ball, picture);
  if (s.pitch) s.pitch->session->wait(slot);
  found.points = s.points(slot);
  return found;
}

}  // namespace touchline::detect
