namespace CalicoConsole.Web.Routing;

/// <summary>Addresses of what the console keeps about policy: assertions and drafts.</summary>
internal static partial class Links
{
    public const string Assertions = "assertions";

    public const string CreateAssertion = "do/create-assertion";

    /// <summary>Changes that are prepared and not yet applied.</summary>
    public const string Drafts = "drafts";

    /// <summary>A draft; its name may hold slashes, which stay as they are.</summary>
    public static string Draft(string name) => $"{Drafts}/{PathName.Parts(name)}";

    public static string DiscardDraft(string name) => Query("do/discard-draft", ("name", name));

    /// <summary>The policies in the order of evaluation, to be moved.</summary>
    public const string PolicyBoard = "policy-board";

    /// <summary>An assertion; its name may hold slashes, which stay as they are.</summary>
    public static string Assertion(string name) => $"{Assertions}/{PathName.Parts(name)}";

    public static string EditAssertion(string name) => Query("do/edit-assertion", ("name", name));

    public static string DeleteAssertion(string name) => Query("do/delete-assertion", ("name", name));
}
