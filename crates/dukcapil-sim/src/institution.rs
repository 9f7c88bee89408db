//! The one institution the simulator knows.

/// Who may ask, and in what state the institution is.
#[derive(Clone)]
pub struct Institution {
    /// Its name in the addresses.
    pub customer_id: String,
    /// Its user.
    pub user_id: String,
    /// The user's password.
    pub password: String,
    /// The address it registered; any is taken where there is none.
    pub ip: Option<String>,
    /// Its state.
    pub state: InstitutionState,
}

impl std::fmt::Debug for Institution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Institution({}, {:?})", self.customer_id, self.state)
    }
}

/// The state of an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InstitutionState {
    /// It may ask.
    #[default]
    Active,
    /// Outside the hours it may ask in: code 06.
    OutsideHours,
    /// Not active: code 16, and 5001 for faces.
    Inactive,
    /// Its user is not active: code 17, and 5001 for faces.
    UserInactive,
}
