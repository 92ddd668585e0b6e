//! Files and directories on this machine.

#[cfg(any(windows, test))]
mod acl;
mod claim;
mod directories;
mod lock;
mod private;
mod whole;

pub(crate) use self::claim::{beside, claim, is_at};
pub(crate) use self::directories::Directories;
pub(crate) use self::lock::Lock;
pub(crate) use self::private::{NEW, cannot_write, is_open_to_others, read, replace, write_new_private, write_private};
pub(crate) use self::whole::{Whole, is_special, is_written, target};
