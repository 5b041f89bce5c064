#pragma once

#include <span>
#include <vector>

namespace touchline::geometry {

/// The cheapest one-to-one assignment of rows to columns, where a pair that costs as much as the limit is not made.
///
/// Method: shortest augmenting paths (Jonker and Volgenant 1987; rectangular form of Crouse 2016), started from the
/// rows' own minima. Buffers are kept between calls: after the largest problem has been seen nothing is allocated. Not
/// thread-safe; one solver per thread.
class AssignmentSolver {
 public:
  /// costs       [rows × columns], row-major; NaN and values ≥ cost_limit mean "never this pair"
  /// cost_limit  what leaving a row unassigned costs: the sum of (cost − cost_limit) over the pairs made is least.
  ///             Infinity: as many pairs as possible, and of those the cheapest; all costs must be finite then.
  ///
  /// Answers the column of each row, −1 for none; valid until the next call. Rows or columns may be 0.
  /// Throws Error(kInvalidArgument) when costs.size() ≠ rows · columns.
  std::span<const int> solve(std::span<const double> costs, int rows, int columns, double cost_limit);

 private:
  void reduce(std::span<const double> costs, double cost_limit);
  void start_from_row_minima();
  void augment(int row);
  int shortest_path(int row);

  int rows_ = 0;     // of the reduced problem: rows_ ≤ columns_
  int columns_ = 0;  // the caller's problem is transposed when it has more rows than columns
  bool transposed_ = false;
  double shortest_ = 0;
  std::vector<double> costs_;
  std::vector<double> row_price_, column_price_, distance_;
  std::vector<int> column_of_row_, row_of_column_, previous_row_, open_;
  std::vector<char> row_seen_, column_done_;
  std::vector<int> answer_;
};

}  // namespace touchline::geometry
