namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// Keys of what the console itself keeps (assertions, drafts, remembered attachments): <c>/console/&lt;kind&gt;/&lt;name&gt;</c>, each name escaped as in an
/// address. Pure.
/// </summary>
/// <remarks>
/// They have the shape of datastore keys so that the one door for change, its compare-and-swap, undo and audit serve them too; they live in the console's own
/// database and never in etcd.
/// </remarks>
public static class KeptKeys
{
    /// <summary>What every such key starts with.</summary>
    public const string Root = "/console/";

    /// <summary>Whether a key is one of the console's own.</summary>
    public static bool IsKept(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(Root, StringComparison.Ordinal);
    }

    /// <summary>The key of an item.</summary>
    /// <param name="kind">One of <see cref="KeptKinds"/>.</param>
    /// <param name="name">Its name, unescaped.</param>
    public static string For(string kind, string name) => $"{Root}{kind}/{Uri.EscapeDataString(name)}";

    /// <summary>Kind and name of a key; null when it is no item's key.</summary>
    public static (string Kind, string Name)? Parse(string key) =>
        IsKept(key) && key[Root.Length..].Split('/') is [{ Length: > 0 } kind, { Length: > 0 } name] ? (kind, Uri.UnescapeDataString(name)) : null;
}
