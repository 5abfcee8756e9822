//! What time brings, day by day.
