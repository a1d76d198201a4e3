// How one layer attends, and where its cache of one sequence lies.
struct Settings {
  // Most recent tokens that a token attends to, itself included; 0 is all.
  window: u32,
  // Factor on q . k.
  scale: f32,
  // Rows of the cache: those of keys are followed by as many of values.
  capacity: u32,
  // The position that the first row belongs to: a layer with a window drops what lies behind it.
  base: u32,
}
@group(0) @binding(8) var<uniform> settings: Settings;

// The first position that the token before `end` attends to.
fn first_key(end: u32) -> u32 { return select(0, end - settings.window, settings.window > 0 && end > settings.window); }

// Where position j of a sequence lies in the cache: what all sequences follow is there once, before the first of them.
fn cache_row(j: u32, begin: u32) -> u32 { return j + select(0, begin, j >= run.position) - settings.base; }
