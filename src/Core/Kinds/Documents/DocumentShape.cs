namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>What a member of a document holds.</summary>
public enum MemberForm
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A list of texts or numbers.</summary>
    List,

    /// <summary>A list of objects.</summary>
    Objects,

    /// <summary>An object.</summary>
    Object,

    /// <summary>An object whose members have any names, each with a text.</summary>
    Map,
}

/// <summary>A member that a document may have.</summary>
/// <param name="Name">As calicoctl spells it.</param>
/// <param name="Form">What it holds.</param>
/// <param name="About">What it is for, in a sentence.</param>
/// <param name="Values">The values that it, or an item of it, may have; empty where they are without number.</param>
/// <param name="Members">Its members, or those of its items.</param>
public sealed record DocumentMember(string Name, MemberForm Form, string About, ImmutableArray<string> Values, ImmutableArray<DocumentMember> Members);

/// <summary>Notes what a kind asks of its document, so that what may stand in one is said in one place: where it is read.</summary>
internal sealed class DocumentShape
{
    private readonly List<(string Name, MemberForm Form, string About, ImmutableArray<string> Values, DocumentShape Members)> _members = [];

    /// <summary>The members in the order in which they are asked for.</summary>
    public ImmutableArray<DocumentMember> Members => [.. _members.Select(m => new DocumentMember(m.Name, m.Form, m.About, m.Values, m.Members.Members))];

    /// <summary>Notes a member; what is asked of that one in turn goes to the shape that is returned.</summary>
    public DocumentShape Note(string type, string name, MemberForm form, ReadOnlySpan<string> values)
    {
        var members = new DocumentShape();
        _members.Add((name, form, MemberWords.About(type, name), [.. values], members));
        return members;
    }
}
