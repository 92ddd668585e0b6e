# Functions of the scripts in this folder, which source it. They have `root`, `work` and `cannot_run`.

# Builds the sandbox with the features of the whole workspace, as in its tests, so that nothing is compiled twice.
build_sandbox() {
  cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --workspace --bin tilisy-sandbox ||
    cannot_run "the sandbox does not build"
}

# Starts the sandbox with options, sets `sandbox` to its process, and waits for the line in the file `started`.
start_sandbox() {
  rm -f "$work/started"
  "${CARGO_TARGET_DIR:-$root/target}/debug/tilisy-sandbox" --json --key-file "$work/key.pem" "$@" >"$work/started" &
  sandbox=$!
  for _ in $(seq 100); do
    [ -s "$work/started" ] && break
    sleep 0.1
  done
  [ -s "$work/started" ] || cannot_run "the sandbox did not start"
}
