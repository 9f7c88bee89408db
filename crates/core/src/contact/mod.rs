//! Phone numbers and email addresses.

mod email;
mod phone;

pub use email::{EmailAddress, EmailError, GmailMerging};
pub use phone::PhoneNumber;
