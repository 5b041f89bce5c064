#include "touchline/geometry/assignment.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
}

std::span<const int> AssignmentSolver::solve(std::span<const double> costs, int rows, int columns, double cost_limit) {
  TOUCHLINE_REQUIRE(rows >= 0 && columns >= 0 && costs.size() == static_cast<std::size_t>(rows) * columns,
                    "an assignment of {} rows and {} columns needs as many costs, not {}", rows, columns, costs.size());
  answer_.assign(static_cast<std::size_t>(rows), -1);
  if (rows == 0 || columns == 0) return answer_;
  transposed_ = rows > columns;
  rows_ = std::min(rows, columns);
  columns_ = std::max(rows, columns);
  reduce(costs, cost_limit);
  start_from_row_minima();
  for (int row = 0; row < rows_; ++row) {
    if (column_of_row_[row] < 0) augment(row);
  }
  for (int row = 0; row < rows_; ++row) {
    const int column = column_of_row_[row];
    const int theirs = transposed_ ? column : row;
    const int chosen = transposed_ ? row : column;
    const bool made = std::isinf(cost_limit) || costs[static_cast<std::size_t>(theirs) * columns + chosen] < cost_limit;
    if (made) answer_[theirs] = chosen;
  }
  return answer_;
}

// Every pair that may not be made costs 0 and every other one less, so a full assignment of the smaller side is free to
// park a row on a forbidden column: no dummy columns are needed.
void AssignmentSolver::reduce(std::span<const double> costs, double cost_limit) {
  costs_.resize(costs.size());
  const bool limited = !std::isinf(cost_limit);
  const auto value = [&](double cost) { return !limited ? cost : cost < cost_limit ? cost - cost_limit : 0.0; };
  if (!transposed_) {
    std::transform(costs.begin(), costs.end(), costs_.begin(), value);
    return;
  }
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      costs_[static_cast<std::size_t>(row) * columns_ + column] =
          value(costs[static_cast<std::size_t>(column) * rows_ + row]);
    }
  }
}

void AssignmentSolver::start_from_row_minima() {
  row_price_.assign(rows_, 0);
  column_price_.assign(columns_, 0);
  column_of_row_.assign(rows_, -1);
  row_of_column_.assign(columns_, -1);
  previous_row_.assign(columns_, -1);
  distance_.assign(columns_, kInfinity);
  for (int row = 0; row < rows_; ++row) {
    const auto* begin = costs_.data() + static_cast<std::size_t>(row) * columns_;
    const auto* least = std::min_element(begin, begin + columns_);
    row_price_[row] = *least;
    const auto column = static_cast<int>(least - begin);
    if (row_of_column_[column] < 0) {
      row_of_column_[column] = row;
      column_of_row_[row] = column;
    }
  }
}

void AssignmentSolver::augment(int row) {
  int column = shortest_path(row);
  for (int r = 0; r < rows_; ++r) {
    if (!row_seen_[r]) continue;
    row_price_[r] += r == row ? shortest_ : shortest_ - distance_[column_of_row_[r]];
  }
  for (int c = 0; c < columns_; ++c) {
    if (column_done_[c]) column_price_[c] -= shortest_ - distance_[c];
  }
  while (true) {
    const int from = previous_row_[column];
    row_of_column_[column] = from;
    std::swap(column_of_row_[from], column);
    if (from == row) return;
  }
}

// Dijkstra over reduced costs from a free row to the nearest free column; answers that column.
int AssignmentSolver::shortest_path(int row) {
  row_seen_.assign(rows_, 0);
  column_done_.assign(columns_, 0);
  std::fill(distance_.begin(), distance_.end(), kInfinity);
  open_.resize(columns_);
  for (int c = 0; c < columns_; ++c) open_[c] = c;
  shortest_ = 0;
  while (true) {
    row_seen_[row] = 1;
    const double* cost = costs_.data() + static_cast<std::size_t>(row) * columns_;
    const double base = shortest_ - row_price_[row];
    std::size_t best = 0;
    double least = kInfinity;
    for (std::size_t k = 0; k < open_.size(); ++k) {
      const int c = open_[k];
      const double length = base + cost[c] - column_price_[c];
      if (length < distance_[c]) {
        distance_[c] = length;
        previous_row_[c] = row;
      }
      if (distance_[c] < least || (distance_[c] == least && row_of_column_[c] < 0)) {
        least = distance_[c];
        best = k;
      }
    }
    const int column = open_[best];
    shortest_ = least;
    column_done_[column] = 1;
    if (row_of_column_[column] < 0) return column;
    row = row_of_column_[column];
    open_[best] = open_.back();
    open_.pop_back();
  }
}

}  // namespace touchline::geometry
