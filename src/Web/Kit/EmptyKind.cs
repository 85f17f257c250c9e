namespace CalicoConsole.Web.Kit;

/// <summary>Why a list is empty. Each has its own words and its own next step.</summary>
public enum EmptyKind
{
    /// <summary>There is nothing.</summary>
    NothingYet,

    /// <summary>There is something, but the filter hides it.</summary>
    FilteredOut,

    /// <summary>Its source has not answered yet.</summary>
    NotConnected,

    /// <summary>The user has no right to it.</summary>
    NotAllowed,

    /// <summary>Its source answered with an error.</summary>
    Failed,
}
