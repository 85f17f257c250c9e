using CalicoConsole.Core.Kinds;

namespace CalicoConsole.Web.Kinds;

/// <summary>The addresses of the forms of a kind: <c>do/create-…</c>, <c>do/edit-…</c> and <c>do/delete-…</c>.</summary>
/// <param name="Ending">How they end: <c>policy</c>.</param>
/// <param name="Creates">Whether there is a form that creates one.</param>
internal sealed record KindForms(string Ending, bool Creates = true)
{
    /// <summary>What an address says of the resource that it is about.</summary>
    public Func<ResourceId, (string Name, string? Value)[]> Query { get; init; } = static id => [("name", id.Name)];
}
