namespace CalicoConsole.Core.Model;

/// <summary>What is wrong with a field of a request.</summary>
/// <param name="Field">Path as the user wrote it, such as <c>metadata.cidr</c> or <c>spec.ingress[0].source.ports</c>.</param>
/// <param name="Reason">Why, in the field's words.</param>
public sealed record FieldError(string Field, string Reason);
