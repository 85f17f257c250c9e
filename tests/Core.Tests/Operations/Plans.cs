using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>What tests ask of a plan.</summary>
internal static class Plans
{
    /// <summary>The one error for which it is refused.</summary>
    public static FieldError Refusal(this PlannedOperation planned) => Assert.Single(planned.Plan.Errors);
}
