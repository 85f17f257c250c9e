using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;

namespace CalicoConsole.Web.Areas.Operations;

/// <content>The plan of what the fields say, and the words that it asks for: made anew with every change.</content>
public sealed partial class OperationForm
{
    private void MakePlan()
    {
        _plan = _context is null || Agreed is not { } operation || !Errors.IsEmpty ? null : Runner.Plan(operation, _context);
        if (_plan?.Assertions is { } effect)
        {
            if (_agreed && effect.BreaksWords != _effect?.BreaksWords)
            {
                // A word given for other assertions is none for these.
                _agreed = false;
                _effect = effect;
                MakePlan();
                return;
            }

            _effect = effect;
        }
        else if (_plan is { Errors.IsEmpty: true })
        {
            (_effect, _agreed) = (null, false);
        }

        var consent = _plan?.Consents.FirstOrDefault(c => c.StartsWith(RuleGuard.Field, StringComparison.Ordinal));
        if (_agreedUnprogrammable && _unprogrammable is not null && consent is not null && consent != _unprogrammable)
        {
            // A word given for other rules is none for these.
            (_agreedUnprogrammable, _unprogrammable) = (false, null);
            MakePlan();
            return;
        }

        // A page that asks for the word itself, as the manifests' does, is not asked a second time.
        (_unprogrammable, _asksUnprogrammable) = (consent, (_agreedUnprogrammable && consent is not null)
            || _plan?.Errors.Any(e => e.Field == RuleGuard.Field) == true);
        _agreedUnprogrammable &= _asksUnprogrammable || _plan is not { Errors.IsEmpty: true };
        _form.Plan = _plan;
        _form.Errors = [.. Errors, .. _plan?.Errors ?? [], .. ConfirmError()];
    }

    private IEnumerable<FieldError> ConfirmError() => ConfirmName is null || _typed.Trim() == ConfirmName
        ? []
        : [new FieldError("confirm", _typed.Length == 0 ? $"Type {ConfirmName} to confirm" : $"'{_typed}' is not {ConfirmName}")];

    private void Agree(bool agreed)
    {
        _agreed = agreed;
        MakePlan();
    }

    private void AgreeUnprogrammable(bool agreed)
    {
        _agreedUnprogrammable = agreed;
        MakePlan();
    }

    // What was typed was typed for another version.
    private Task LookedAgainAsync()
    {
        _typed = "";
        return LookAgain.InvokeAsync();
    }

    private void Type(string typed)
    {
        _typed = typed;
        MakePlan();
    }
}
