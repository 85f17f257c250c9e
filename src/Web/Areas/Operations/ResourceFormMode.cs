namespace CalicoConsole.Web.Areas.Operations;

/// <summary>What a form does with a resource, as its address says: <c>do/edit-policy</c>.</summary>
internal enum ResourceFormMode
{
    /// <summary>A new one.</summary>
    Create,

    /// <summary>A stored one is changed.</summary>
    Edit,

    /// <summary>A stored one is deleted.</summary>
    Delete,
}
