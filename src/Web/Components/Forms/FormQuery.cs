using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Components.Forms;

/// <summary>Reads what addresses of forms carry; see <see cref="Shared.Links"/>.</summary>
internal static class FormQuery
{
    /// <summary>A CIDR with a dash for its slash, as links write it; null when it is none.</summary>
    public static Cidr? Cidr(string? text) => text is not null && Core.Model.Cidr.TryParseKeyPart(text, out var cidr) ? cidr : null;
}
