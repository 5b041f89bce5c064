#include "touchline/records/score_vision.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/base/log.h"
#include "touchline/records/number_text.h"

namespace touchline::records {

// Roboflow's pitch configuration, as Score Vision's validator has it.
const std::array<std::array<double, 2>, match::kPitchPointCount> kScoreVisionTemplate = {{
    {0, 0},        {0, 1450},     {0, 2584},     {0, 4416},    {0, 5550},     {0, 7000},     {550, 2584},
    {550, 4416},   {1100, 3500},  {2015, 1450},  {2015, 2584}, {2015, 4416},  {2015, 5550},  {6000, 0},
    {6000, 2585},  {6000, 4415},  {6000, 7000},  {9985, 1450}, {9985, 2584},  {9985, 4416},  {9985, 5550},
    {10900, 3500}, {11450, 2584}, {11450, 4416}, {12000, 0},   {12000, 1450}, {12000, 2584}, {12000, 4416},
    {12000, 5550}, {12000, 7000}, {5085, 3500},  {6915, 3500},
}};

namespace {

constexpr int kPixelDecimals = 2;
constexpr int kParameters = 8;   // of a homography whose last entry is fixed
constexpr int kSteps = 6;        // of Gauss and Newton; the template is within 5 % of a real pitch, 3 would do
constexpr double kPullPx2 = 10;  // squared pixels a change of 1 would cost; visible points weigh 1e5 and more
constexpr double kHalfLength = 6000;
constexpr double kHalfWidth = 3500;
constexpr int kBallClass = 0;
constexpr int kBallId = 0;

using Vector = std::array<double, kParameters>;
using Square = std::array<Vector, kParameters>;

/// A template vertex in [−1, 1]², and where the picture shows the landmark it stands for.
struct Pair {
  std::array<double, 3> vertex;
  geometry::ImagePoint seen_px;
};

bool inside(geometry::ImagePoint p, PictureSize size) {
  return p.x >= 0 && p.y >= 0 && p.x <= size.width_px && p.y <= size.height_px;
}

std::vector<Pair> visible_pairs(const geometry::PitchCamera& camera, const match::PitchModel& pitch, PictureSize size) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < match::kPitchPointCount; ++i) {
    const auto seen = camera.image_from_pitch(pitch.landmarks()[i]);
    if (!seen || !inside(*seen, size)) continue;
    const auto& vertex = kScoreVisionTemplate[i];
    pairs.push_back({{vertex[0] / kHalfLength - 1, vertex[1] / kHalfWidth - 1, 1}, *seen});
  }
  return pairs;
}

/// Solves matrix · x = right by Cholesky's method; the matrix is symmetric and positive definite thanks to the pull.
Vector solved(Square matrix, Vector right) {
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i][k] * matrix[j][k];
      matrix[i][j] = i == j ? std::sqrt(sum) : sum / matrix[j][j];
    }
  }
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= matrix[i][k] * right[k];
    right[i] /= matrix[i][i];
  }
  for (std::size_t i = kParameters; i-- > 0;) {
    for (std::size_t k = i + 1; k < kParameters; ++k) right[i] -= matrix[k][i] * right[k];
    right[i] /= matrix[i][i];
  }
  return right;
}

void accumulate(Square& matrix, Vector& right, const Vector& row, double residual) {
  for (std::size_t i = 0; i < kParameters; ++i) {
    right[i] -= row[i] * residual;
    for (std::size_t j = 0; j <= i; ++j) matrix[i][j] += row[i] * row[j];
  }
}

/// base · (I + change), change's last entry 0.
geometry::Mat3 changed(const geometry::Mat3& base, const Vector& change) {
  geometry::Mat3 factor = geometry::kIdentity;
  for (std::size_t i = 0; i < kParameters; ++i) factor[i] += change[i];
  return geometry::multiply(base, factor);
}

/// One step of Gauss and Newton on `change`. False when a vertex would fall behind the camera.
bool improve(Vector& change, const geometry::Mat3& base, const std::vector<Pair>& pairs) {
  Square matrix{};
  Vector right{};
  for (std::size_t i = 0; i < kParameters; ++i) {
    matrix[i][i] = kPullPx2;
    right[i] = -kPullPx2 * change[i];
  }
  const geometry::Mat3 h = changed(base, change);
  for (const auto& [v, seen] : pairs) {
    const auto q = geometry::apply(h, v[0], v[1]);
    if (!(q[2] > 0)) return false;
    const double x = q[0] / q[2];
    const double y = q[1] / q[2];
    Vector row_x;
    Vector row_y;
    for (std::size_t k = 0; k < kParameters; ++k) {
      const std::size_t i = k / 3;
      row_x[k] = (base[i] - x * base[6 + i]) * v[k % 3] / q[2];
      row_y[k] = (base[3 + i] - y * base[6 + i]) * v[k % 3] / q[2];
    }
    accumulate(matrix, right, row_x, x - seen.x);
    accumulate(matrix, right, row_y, y - seen.y);
  }
  const Vector step = solved(matrix, right);
  for (std::size_t i = 0; i < kParameters; ++i) change[i] += step[i];
  return true;
}

}  // namespace

std::optional<geometry::Mat3> score_vision_homography(const geometry::PitchCamera& camera,
                                                      const match::PitchModel& pitch, PictureSize size) {
  const auto pairs = visible_pairs(camera, pitch, size);
  if (pairs.empty()) return std::nullopt;
  const geometry::Mat3 stretch = {pitch.length_m() / 2, 0, 0, 0, -pitch.width_m() / 2, 0, 0, 0, 1};
  const geometry::Mat3 base = geometry::multiply(camera.image_from_pitch_matrix(), stretch);
  Vector change{};
  for (int step = 0; step < kSteps; ++step) {
    if (!improve(change, base, pairs)) return std::nullopt;
  }
  const geometry::Mat3 centered = {1 / kHalfLength, 0, -1, 0, 1 / kHalfWidth, -1, 0, 0, 1};
  return geometry::multiply(changed(base, change), centered);
}

std::array<geometry::ImagePoint, match::kPitchPointCount> score_vision_points(
    const std::optional<geometry::PitchCamera>& camera, const match::PitchModel& pitch, PictureSize size) {
  std::array<geometry::ImagePoint, match::kPitchPointCount> points{};
  if (!camera) return points;
  const auto image_from_template = score_vision_homography(*camera, pitch, size);
  if (!image_from_template) return points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto q = geometry::apply(*image_from_template, kScoreVisionTemplate[i][0], kScoreVisionTemplate[i][1]);
    const geometry::ImagePoint at = {q[0] / q[2], q[1] / q[2]};
    if (q[2] > 0 && inside(at, size)) points[i] = at;
  }
  return points;
}

namespace {

void append_object(std::string& text, std::int64_t id, const geometry::BoxPx& box, int class_id) {
  text += "{\"id\":";
  append_integer(text, id);
  text += ",\"bbox\":[";
  for (const float value : {box.x0, box.y0, box.x1}) {
    append_fixed(text, value, kPixelDecimals);
    text += ',';
  }
  append_fixed(text, box.y1, kPixelDecimals);
  text += "],\"class_id\":";
  append_integer(text, class_id);
  text += '}';
}

}  // namespace

void append_score_vision_frame(std::string& text, const match::MatchFrame& frame, const match::PitchModel& pitch,
                               PictureSize size) {
  text += "{\"frame_number\":";
  append_integer(text, frame.index);
  text += ",\"keypoints\":";
  char separator = '[';
  for (const auto& point : score_vision_points(frame.pose.camera, pitch, size)) {
    text += separator;
    text += '[';
    append_fixed(text, point.x, kPixelDecimals);
    text += ',';
    append_fixed(text, point.y, kPixelDecimals);
    text += ']';
    separator = ',';
  }
  text += "],\"objects\":[";
  bool first = true;
  for (const auto& track : frame.tracks) {
    if (!first) text += ',';
    first = false;
    append_object(text, track.id, track.box_px, kBallClass + 1 + static_cast<int>(track.person_class));
  }
  if (frame.ball) {
    if (!first) text += ',';
    append_object(text, kBallId, frame.ball->box_px, kBallClass);
  }
  text += "]}";
}

ScoreVisionWriter::ScoreVisionWriter(const std::filesystem::path& path, const std::string& challenge_id,
                                     const match::PitchModel& pitch, PictureSize size)
    : pitch_(pitch), size_(size), file_(path) {
  text_ = "{\"challenge_id\":";
  append_json_string(text_, challenge_id);
  text_ += ",\"frames\":[";
  file_.append(text_);
}

ScoreVisionWriter::~ScoreVisionWriter() {
  try {
    finish(0);
  } catch (const base::Error& error) {
    base::log_line(base::LogLevel::kError, error.what());
  }
}

void ScoreVisionWriter::write(const match::MatchFrame& frame) {
  text_ = first_ ? "\n" : ",\n";
  first_ = false;
  append_score_vision_frame(text_, frame, pitch_, size_);
  file_.append(text_);
}

void ScoreVisionWriter::finish(double processing_time_s) {
  if (finished_) return;
  finished_ = true;
  text_ = "\n],\"processing_time\":";
  append_fixed(text_, processing_time_s, 3);
  text_ += "}\n";
  file_.append(text_);
  file_.close();
}

}  // namespace touchline::records
